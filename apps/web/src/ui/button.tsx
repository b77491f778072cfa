import { Moon, Sun } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { chooseTheme, currentTheme } from './theme.ts'

const looks = {
  primary: 'bg-accent text-on-accent border-accent hover:brightness-110 font-semibold',
  plain: 'bg-raised text-ink border-line hover:border-accent',
  quiet: 'border-transparent text-soft hover:text-ink hover:bg-raised',
  danger: 'bg-raised text-bad border-line hover:border-bad',
}

type Look = keyof typeof looks

const base =
  'inline-flex min-h-11 items-center justify-center gap-2 rounded-lg border px-4 transition disabled:opacity-50 select-none'

export const buttonClass = (look: Look = 'plain', extra = ''): string => `${base} ${looks[look]} ${extra}`

export function Button({ look = 'plain', className = '', ...rest }: ComponentProps<'button'> & { look?: Look }) {
  return <button type="button" {...rest} className={buttonClass(look, className)} />
}

/** A button that shows only a picture. Its label is read aloud and is the tooltip. */
export function IconButton({
  label,
  look = 'quiet',
  className = '',
  ...rest
}: ComponentProps<'button'> & { label: string; look?: Look }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={buttonClass(look, `icon-button !px-0 w-11 shrink-0 ${className}`)}
    />
  )
}

export function ThemeButton() {
  const [theme, setTheme] = useState(currentTheme)
  const other = theme === 'dark' ? 'light' : 'dark'
  const choose = () => {
    chooseTheme(other)
    setTheme(other)
  }
  return (
    <IconButton label={`Use the ${other} theme`} data-command="This page" onClick={choose}>
      {theme === 'dark' ? <Sun size={18} /> : <Moon size={18} />}
    </IconButton>
  )
}
