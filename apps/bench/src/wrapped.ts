const WIDTH = 110

/** Markdown with its prose wrapped. Tables, headings, pictures and inline code are never broken. */
export const wrapped = (markdown: string): string =>
  markdown
    .split('\n')
    .map((line) => (/^(?:\||#|!\[|$)/.test(line) ? line : wrappedLine(line)))
    .join('\n')

function wrappedLine(text: string): string {
  const lines: string[] = ['']
  for (const word of text.match(/(?:`[^`]*`|\S)+/g) ?? []) {
    const last = lines.at(-1) ?? ''
    if (last === '') lines[lines.length - 1] = word
    else if (last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.join('\n')
}
