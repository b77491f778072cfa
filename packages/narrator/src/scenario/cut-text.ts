// Cuts a text that is too long in two: at the end of a paragraph, else of a sentence, a line or a word.
import { startOf } from '@tablecast/contracts'

/** `kept` has at most `max` characters, and `rest` the remaining text. Together they hold every word. */
export function cutText(text: string, max: number): { kept: string; rest: string } {
  if (text.length <= max) return { kept: text, rest: '' }
  const at = placeToCut(text, max)
  return { kept: text.slice(0, at).trimEnd(), rest: text.slice(at).trimStart() }
}

/** Cuts the end of a line and puts “…” in its place. At most `max` characters. */
export function shortened(line: string, max: number): string {
  if (line.length <= max) return line
  const at = line.lastIndexOf(' ', max - 1)
  return `${line.slice(0, at > max / 2 ? at : whole(line, max - 1)).trimEnd()}…`
}

function placeToCut(text: string, max: number): number {
  // Includes a boundary that begins exactly at `max`.
  const head = text.slice(0, max + 2)
  for (const boundary of ['\n\n', '. ', '\n', ' ']) {
    const at = head.lastIndexOf(boundary, max)
    const end = boundary === '. ' ? at + 1 : at
    if (at > 0 && end <= max) return end
  }
  return whole(text, max)
}

/** Never cuts a character in two. */
const whole = (text: string, at: number): number => startOf(text, at).length
