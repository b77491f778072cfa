// Fits an adventure's notes into the DM notes. Longer notes end with links to the pages that hold the rest.
import { linkToPage } from '@tablecast/contracts'
import { cutText } from './cut-text.ts'
import { lengths } from './reading.ts'
import { pagesBetween, type TextPage } from './split-pages.ts'

/** `from`: its offset in the adventure's text. */
export type Note = { text: string; from: number }

/** Characters that are reserved for the links. */
const LINKS_ROOM = 2_000
const HEADING = '\n\nThe rest is on the pages:'

export type JoinedNotes = { text: string; isWhole: boolean; length: number }

/** `pages`: the pages of the whole text. `length` of the answer: the characters of all notes. */
export function joinNotes(notes: readonly Note[], pages: readonly TextPage[]): JoinedNotes {
  const whole = notes.map(({ text }) => text).join('\n\n')
  if (whole.length <= lengths.dmNotes) return { text: whole, isWhole: true, length: whole.length }
  const kept: string[] = []
  let room = lengths.dmNotes - LINKS_ROOM
  let index = 0
  for (; index < notes.length; index++) {
    const text = notes[index]?.text ?? ''
    if (text.length > room) break
    kept.push(text)
    room -= text.length + 2
  }
  // A note that is longer than the room fills it with its beginning.
  const cut = notes[index]
  if (cut && room > lengths.dmNotes / 2) kept.push(cutText(cut.text, room).kept)
  const rest = notes.slice(index).flatMap(({ text, from }) => pagesBetween(pages, from, from + text.length - 1))
  const titles = [...new Set(rest.map(({ title }) => title))]
  return { text: kept.join('\n\n') + linksTo(titles), isWhole: false, length: whole.length }
}

function linksTo(titles: readonly string[]): string {
  const lines: string[] = []
  let room = LINKS_ROOM - HEADING.length - 40
  for (const title of titles) {
    const line = `\n- ${linkToPage(title)}`
    if (line.length > room) break
    lines.push(line)
    room -= line.length
  }
  const more = titles.length - lines.length
  return HEADING + lines.join('') + (more > 0 ? `\n- and ${more.toLocaleString('en')} more` : '')
}
