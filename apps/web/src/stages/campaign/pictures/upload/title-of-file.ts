import { startOf } from '@tablecast/contracts'

const MAX_LENGTH = 120

/** “Tide table” of `tide-table.jpg`. */
export function titleOfFile(name: string): string {
  const words = name
    .replace(/\.[a-z0-9]{1,6}$/i, '')
    .replaceAll(/[_\s-]+/g, ' ')
    .trim()
  const [first = '', ...rest] = words
  // By characters, so that an emoji at the beginning stays whole.
  return startOf([first.toLocaleUpperCase(), ...rest].join(''), MAX_LENGTH).trim() || 'A picture'
}
