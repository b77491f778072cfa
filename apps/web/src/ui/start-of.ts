/** At most the first `max` code units of a text. It never ends within a character, which browsers would draw as a box. */
export const startOf = (text: string, max: number): string => text.slice(0, max).replace(/[\uD800-\uDBFF]$/, '')

/** The same, with “…” in place of the rest. */
export const shortened = (text: string, max: number): string =>
  text.length > max ? `${startOf(text, max - 1)}…` : text
