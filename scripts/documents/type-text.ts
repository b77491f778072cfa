// How a type is written in the documents: a short one in one line, a long one as a list of its parts.

/** `fields`: an object with all of these fields. `variants`: one of these types. */
export type TypeText = { kind: 'fields' | 'variants'; parts: readonly string[] }

/** A longer type does not fit a table. */
export const MOST_IN_A_ROW = 160
/** The longest line of the documents outside of tables. */
export const WIDTH = 110

export const inOneLine = ({ kind, parts }: TypeText): string =>
  kind === 'fields' ? `{${parts.join(', ')}}` : parts.join(' | ')

export const fitsARow = (type: TypeText): boolean => inOneLine(type).length <= MOST_IN_A_ROW

/** The name, then a list with one item for each part. The name is no heading: the document has headings with such names. */
export const asList = (name: string, { kind, parts }: TypeText): string =>
  [`**\`${name}\`**${kind === 'fields' ? '' : ', one of:'}`, '', ...parts.flatMap(listItem)].join('\n')

/** Breaks the line after `,` or `|`. Markdown reads a line end within code as a space. */
function listItem(part: string): string[] {
  const lines: string[] = []
  let line = '-'
  for (const words of `\`${part}\``.split(/(?<=[,|]) /)) {
    if (`${line} ${words}`.length > WIDTH) {
      lines.push(line)
      line = ' '
    }
    line = `${line} ${words}`
  }
  return [...lines, line]
}
