const MAX_LENGTH = 120

/** “Tide table” of `tide-table.jpg`. */
export function titleOfFile(name: string): string {
  const words = name
    .replace(/\.[a-z0-9]{1,5}$/i, '')
    .replaceAll(/[_\s-]+/g, ' ')
    .trim()
  const [first = '', ...rest] = words
  // By characters, so that no emoji is cut in two.
  return (
    [first.toLocaleUpperCase(), ...rest]
      .join('')
      .slice(0, MAX_LENGTH)
      .trim()
      .replace(/[\uD800-\uDBFF]$/, '') || 'A picture'
  )
}
