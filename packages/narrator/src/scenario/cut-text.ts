// A text in two where it is longer than there is room for: at the end of a paragraph, else of a sentence, a line, a word.

/** `kept` has at most `max` characters; `rest` is what did not fit. Together they hold every word. */
export function cutText(text: string, max: number): { kept: string; rest: string } {
  if (text.length <= max) return { kept: text, rest: '' }
  const at = placeToCut(text, max)
  return { kept: text.slice(0, at).trimEnd(), rest: text.slice(at).trimStart() }
}

/** One line with its end left out, and a mark for it. */
export function shortened(line: string, max: number): string {
  if (line.length <= max) return line
  const at = line.lastIndexOf(' ', max - 1)
  return `${line.slice(0, at > max / 2 ? at : whole(line, max - 1)).trimEnd()}…`
}

function placeToCut(text: string, max: number): number {
  // One more, so that what ends just there counts.
  const head = text.slice(0, max + 2)
  for (const boundary of ['\n\n', '. ', '\n', ' ']) {
    const at = head.lastIndexOf(boundary, max)
    const end = boundary === '. ' ? at + 1 : at
    if (at > 0 && end <= max) return end
  }
  return whole(text, max)
}

/** Not between the two halves of one character. */
const whole = (text: string, at: number): number => (/[\uD800-\uDBFF]/.test(text[at - 1] ?? '') ? at - 1 : at)
