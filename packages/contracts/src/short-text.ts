const MOST_CHARACTERS = 60
const characters = new Intl.Segmenter('en')

/** One line without Markdown. A cut never splits a character. */
export function clipped(text: string): string {
  const line = text
    .replaceAll(/\*+|`+/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  // A character has at least one code unit.
  if (line.length <= MOST_CHARACTERS) return line
  const first = Array.from(characters.segment(line.slice(0, 20 * MOST_CHARACTERS)), ({ segment }) => segment)
  return first.length <= MOST_CHARACTERS
    ? line.slice(0, 20 * MOST_CHARACTERS)
    : `${first
        .slice(0, MOST_CHARACTERS - 1)
        .join('')
        .trim()}…`
}

export const quoted = (text: string | undefined): string => (text ? `“${clipped(text)}”` : 'none')
