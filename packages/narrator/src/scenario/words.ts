// Words for the sentences of a report.

/** A list of names shows no more than these. */
export const MAX_NAMES_SHOWN = 8

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

/** `A, B and C`; for many names the first seven and the number of the others. A name with a comma gets quotes. `count`: of all names. */
export function listed(names: readonly string[], count = names.length): string {
  const shown = (count > MAX_NAMES_SHOWN ? names.slice(0, MAX_NAMES_SHOWN - 1) : names).map((name) =>
    name.includes(',') && !name.startsWith('“') ? quoted(name) : name,
  )
  const more = count - shown.length
  const all = more > 0 ? [...shown, `${more.toLocaleString('en')} more`] : shown
  return all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1)}` : (all[0] ?? '')
}

export const quoted = (text: string): string => `“${text}”`

export function sized(bytes: number): string {
  if (bytes < 1_000) return counted(bytes, 'byte')
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
