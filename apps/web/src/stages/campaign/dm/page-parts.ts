// Splits a page into parts of a few paragraphs: the browser lays out only the parts that are in view.

const PART = 1_500

/** Joined by empty lines, the parts are the text. No part ends inside a fenced block or a list item. */
export function pageParts(text: string): string[] {
  const parts: string[] = []
  let [part, fence] = ['', '']
  for (const line of text.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? ''
    const isBreak = part.endsWith('\n\n') && part.length >= PART && fence === '' && /^\S/.test(line)
    if (isBreak) {
      parts.push(part.trimEnd())
      part = ''
    }
    if (fence === '') fence = mark
    else if (mark.startsWith(fence)) fence = ''
    part += `${line}\n`
  }
  const last = part.trimEnd()
  return last ? [...parts, last] : parts
}
