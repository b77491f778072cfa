import { storage } from '../storage.ts'

const KEY = 'tablecast.theme'
export type Theme = 'dark' | 'light'

/** `--page` in `theme.css`. */
const PAGE_COLOURS = { dark: '#14110f', light: '#f6efe2' } as const satisfies Record<Theme, string>

export function currentTheme(): Theme {
  const chosen = storage.read(KEY)
  if (chosen === 'dark' || chosen === 'light') return chosen
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'
}

export function applyTheme(theme: Theme = currentTheme()): void {
  document.documentElement.dataset['theme'] = theme
  // A phone draws its own bar in this colour.
  document.querySelector('meta[name=theme-color]')?.setAttribute('content', PAGE_COLOURS[theme])
}

export function chooseTheme(theme: Theme): void {
  storage.write(KEY, theme)
  applyTheme(theme)
}
