// DM notes have a limit: what is beyond it is on the pages, and the notes end with links to these.
import { linkToPage } from '@tablecast/contracts'
import { cutText } from './cut-text.ts'
import { lengths } from './reading.ts'
import { pagesBetween, type TextPage } from './split-pages.ts'

/** `from`: where it stands in the adventure's text. */
export type Note = { text: string; from: number }

/** For the links, when there are any. */
const LINKS_ROOM = 2_000
const HEADING = '\n\nThe rest is on the pages:'

export type JoinedNotes = { text: string; isWhole: boolean; length: number }

/** `pages`: those that hold the whole text. */
export function joinNotes(notes: readonly Note[], pages: readonly TextPage[]): JoinedNotes {
  const whole = notes.map(({ text }) => text).join('\n\n')
  if (whole.length <= lengths.dmNotes) return { text: whole, isWhole: true, length: whole.length }
  const kept: string[] = []
  let room = lengths.dmNotes - LINKS_ROOM
  let place = 0
  for (; place < notes.length; place++) {
    const text = notes[place]?.text ?? ''
    if (text.length > room) break
    kept.push(text)
    room -= text.length + 2
  }
  // One that is long by itself begins in the notes.
  const cut = notes[place]
  if (cut && room > lengths.dmNotes / 2) kept.push(cutText(cut.text, room).kept)
  const rest = notes.slice(place).flatMap(({ text, from }) => pagesBetween(pages, from, from + text.length - 1))
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
