import { storage } from '../storage.ts'

const KEY = 'tablecast.theme'
export type Theme = 'dark' | 'light'

export function currentTheme(): Theme {
  const chosen = storage.read(KEY)
  if (chosen === 'dark' || chosen === 'light') return chosen
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'
}

export function applyTheme(theme: Theme = currentTheme()): void {
  document.documentElement.dataset['theme'] = theme
}

export function chooseTheme(theme: Theme): void {
  storage.write(KEY, theme)
  applyTheme(theme)
}
