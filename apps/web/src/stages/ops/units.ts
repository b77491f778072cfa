// Numbers as an operator reads them at a glance; a unit stays on the line of its number.
const compact = new Intl.NumberFormat([], { notation: 'compact', maximumFractionDigits: 1 })
const fine = new Intl.NumberFormat([], { maximumFractionDigits: 1 })

export const count = (value: number): string => (Math.abs(value) < 1_000 ? fine.format(value) : compact.format(value))

const sizes = ['B', 'kB', 'MB', 'GB', 'TB'] as const
export function bytes(value: number): string {
  const place = value < 1 ? 0 : Math.min(sizes.length - 1, Math.floor(Math.log10(value) / 3))
  return `${fine.format(value / 1_000 ** place)}\u00A0${sizes[place]}`
}

/** Takes seconds. */
export function duration(seconds: number): string {
  if (seconds >= 1) return `${fine.format(seconds)}\u00A0s`
  const ms = seconds * 1_000
  return `${ms < 10 ? Math.round(ms * 100) / 100 : Math.round(ms)}\u00A0ms`
}

/** A span of time in words. Takes milliseconds. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`
}

export const percent = (share: number): string => `${Math.round(share * 100)}\u00A0%`
