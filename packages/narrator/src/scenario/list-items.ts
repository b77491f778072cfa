// The items of a list in an adventure, as what the heading above says that they are.
import type { CampaignState } from '@tablecast/contracts'
import type { List, ListItem } from 'mdast'
import { toString } from 'mdast-util-to-string'
import { cutText, shortened } from './cut-text.ts'
import { addNumbers, readNamedLine } from './named-line.ts'
import { unblotted } from './obsidian.ts'
import { lengths, limits, type ReportNotes } from './reading.ts'
import { quoted } from './words.ts'

export type ListSection = keyof typeof limits

/** `head`: the first paragraph as one line of words. `more`: all below it, as it was written. `source`: the whole. */
type Item = { head: string; more: string; isChecked: boolean; source: string; from: number }

type Parts = { newId: () => string; notes: ReportNotes; toDmNotes: (text: string, from: number) => void }

/** Adds them to the state, as many as it holds. `text`: what the list was parsed from. */
export function addList(state: CampaignState, section: ListSection, list: List, text: string, parts: Parts): void {
  for (const item of list.children.map((child) => itemOf(child, text))) {
    if (item.head === '') {
      if (item.more) parts.toDmNotes(item.source, item.from)
    } else if (state[section].length >= limits[section]) {
      parts.notes.leftOut(`A campaign holds ${limits[section]} ${wordFor[section]}; on the pages alone are`, item.head)
    } else add[section](state, item, parts)
  }
}

const wordFor: Record<ListSection, string> = {
  characters: 'characters',
  threats: 'threats',
  beats: 'story beats',
  environment: 'conditions around the party',
}

const add: Record<ListSection, (state: CampaignState, item: Item, parts: Parts) => void> = {
  characters(state, item, { newId, notes }) {
    state.characters.push(characterOf(newId(), item, notes))
  },

  threats(state, item, { newId, notes }) {
    const { words, isHidden } = marked(item.head)
    const [before = '', ...behind] = words.split(/\s*[:–—]\s+/)
    // A line that begins with a colon has no name before it.
    const named = marked(before.trim() === '' ? words : before)
    const name = shortened(named.words, lengths.line)
    // What did not fit into the name is in the detail.
    const told = name === named.words ? behind.join(': ') : words
    const { kept: detail, rest } = cutText([told, item.more].filter(Boolean).join('\n\n'), lengths.text)
    if (rest) notes.changed('Too long for a threat, and whole on the pages', name)
    if (name !== named.words) notes.changed('Named by the beginning of the line', quoted(name))
    state.threats.push({ id: newId(), name, detail, visible: (isHidden ?? named.isHidden) === false })
  },

  beats(state, item, { newId, notes, toDmNotes }) {
    const { words, isHidden } = marked(item.head.replace(/^\[[ xX]\]\s*/, ''))
    const text = shortened(words, lengths.line)
    if (text !== words) notes.changed(`Shortened to ${lengths.line} characters`, quoted(text))
    if (text !== words || item.more) toDmNotes(item.source, item.from)
    if (text) state.beats.push({ id: newId(), text, done: item.isChecked, visible: isHidden === false })
  },

  environment(state, item, { newId, notes, toDmNotes }) {
    const { words, isHidden } = marked(item.head)
    const text = shortened(words, lengths.line)
    if (text !== words) notes.changed(`Shortened to ${lengths.line} characters`, quoted(text))
    if (text !== words || item.more) toDmNotes(item.source, item.from)
    if (text) state.environment.push({ id: newId(), text, visible: isHidden === false })
  },
}

/** `Mira (pc): HP 18/24, AC 15. Afraid of water` */
function characterOf(id: string, { head, more }: Item, notes: ReportNotes): CampaignState['characters'][number] {
  const { name: whole, facts, rest } = readNamedLine(head)
  if (more) addNumbers(more, facts)
  const name = shortened(whole, lengths.name) || 'Nameless'
  const told = [name === whole || whole === '' ? '' : whole, rest, more].filter(Boolean).join('\n\n')
  const { kept: dmNotes, rest: tooMuch } = cutText(told, lengths.text)
  const kind = facts.kind ?? 'npc'
  const hp = facts.hp ?? { current: 10, max: 10 }
  const max = clamp(hp.max, 0, 9_999)
  const current = clamp(hp.current, -9_999, 9_999)
  const armourClass = facts.armourClass === null ? null : clamp(facts.armourClass, 0, 99)
  if (whole !== '' && name !== whole)
    notes.changed(`Names have ${lengths.name} characters at the most; whole in the notes is the name of`, quoted(name))
  if (tooMuch) notes.changed('Too long for a character’s notes, and whole on the pages', name)
  if (!facts.hp) notes.changed('Without hit points in the text, and given 10', name)
  if (max !== hp.max || current !== hp.current || armourClass !== facts.armourClass)
    notes.changed('Numbers brought within what a campaign holds', name)
  return {
    id,
    name,
    kind,
    hp: { current, max, temp: 0 },
    hpVisible: kind === 'pc',
    armourClass,
    conditions: [],
    initiative: null,
    ownerId: null,
    visible: facts.isHidden === null ? kind === 'pc' : !facts.isHidden,
    dmNotes,
  }
}

/** Without the `(hidden)` or `(visible)` at its end. */
function marked(line: string): { words: string; isHidden: boolean | null } {
  const [mark, said] = /\s*\((hidden|visible)\)\s*$/i.exec(line.slice(-20)) ?? []
  if (!mark) return { words: line, isHidden: null }
  return { words: line.slice(0, line.length - mark.length), isHidden: said?.toLowerCase() === 'hidden' }
}

function itemOf(item: ListItem, text: string): Item {
  const [first, ...others] = item.children
  const isWords = first?.type === 'paragraph' || first?.type === 'heading'
  const head = isWords ? oneLine(unblotted(toString(first))) : ''
  const [from, to] = [item.position?.start.offset ?? 0, item.position?.end.offset ?? 0]
  const below = isWords ? others[0] : first
  const more = below?.position ? dedented(text.slice(lineStart(text, below.position.start.offset ?? to), to)) : ''
  return {
    head,
    more,
    isChecked: item.checked === true || /^\[[xX]\]/.test(head),
    source: unblotted(text.slice(from, to)).trim(),
    from,
  }
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

/** Of the line's indentation too, so that all lines are indented alike. */
function lineStart(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return /^[ \t]*$/.test(text.slice(start, offset)) ? start : offset
}

function dedented(source: string): string {
  const lines = unblotted(source).split('\n')
  const depths = lines.filter((line) => line.trim()).map((line) => line.length - line.trimStart().length)
  const depth = depths.reduce((least, one) => Math.min(least, one), depths[0] ?? 0)
  return lines
    .map((line) => line.slice(depth))
    .join('\n')
    .trim()
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
