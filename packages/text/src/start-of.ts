const characters = new Intl.Segmenter('en')

/**
 * The start of a text with at most `max` UTF-16 code units, in which lengths are counted everywhere. It never ends inside what a person
 * sees as one character: a letter with its accents, or an emoji that is made of several.
 */
export function startOf(text: string, max: number): string {
  if (text.length <= max) return text
  // The character that goes on beyond the limit, or begins there. It may take two code units.
  const end = characters.segment(text.slice(0, max + 2)).containing(max)?.index ?? max
  // One character may be as long as the text, with accents upon accents.
  return end > 0 ? text.slice(0, end) : text.slice(0, max).replace(/[\uD800-\uDBFF]$/, '')
}

/** The same, with “…” in place of the rest. */
export const shortened = (text: string, max: number): string =>
  text.length > max ? `${startOf(text, max - 1)}…` : text
