// A page in parts of a few paragraphs, so that each is parsed and drawn in no time.

const PART = 1_500

/** Joined by an empty line they are the text. None ends within a fenced block, or where what follows belongs to the same list item. */
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
