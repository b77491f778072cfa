// Turns the items of a list into characters, threats, story beats or conditions, as the heading above the list says.
import type { CampaignState } from '@tablecast/contracts'
import type { List, ListItem } from 'mdast'
import { toString } from 'mdast-util-to-string'
import { cutText, shortened } from './cut-text.ts'
import { addNumbers, readNamedLine } from './named-line.ts'
import { unmasked } from './obsidian.ts'
import { lengths, limits, type ReportNotes } from './reading.ts'
import { quoted } from './words.ts'

export type ListSection = keyof typeof limits

/** `head`: the words of the first paragraph, as one line. `more`: the Markdown below it. `source`: the Markdown of the whole item. */
type Item = { head: string; more: string; isChecked: boolean; source: string; from: number }

type ItemDeps = { newId: () => string; notes: ReportNotes; toDmNotes: (text: string, from: number) => void }

/** Adds the items to the state, up to its limit; the report names the others. `text`: the source of the list. */
export function addList(state: CampaignState, section: ListSection, list: List, text: string, deps: ItemDeps): void {
  for (const item of list.children.map((child) => itemOf(child, text))) {
    if (item.head === '') {
      if (item.more) deps.toDmNotes(item.source, item.from)
    } else if (state[section].length >= limits[section]) {
      deps.notes.leftOut(`A campaign holds ${limits[section]} ${wordFor[section]}; on the pages alone are`, item.head)
    } else add[section](state, item, deps)
  }
}

const wordFor: Record<ListSection, string> = {
  characters: 'characters',
  threats: 'threats',
  beats: 'story beats',
  environment: 'conditions around the party',
}

const add: Record<ListSection, (state: CampaignState, item: Item, deps: ItemDeps) => void> = {
  characters(state, item, { newId, notes }) {
    state.characters.push(characterOf(newId(), item, notes))
  },

  threats(state, item, { newId, notes }) {
    const { words, isHidden } = marked(item.head)
    const [before = '', ...behind] = words.split(/\s*[:–—]\s+/)
    // A line that begins with a colon has no name in front of it.
    const named = marked(before.trim() === '' ? words : before)
    const name = shortened(named.words, lengths.line)
    // The detail holds the words that the name has no room for.
    const detailText = name === named.words ? behind.join(': ') : words
    const { kept: detail, rest } = cutText([detailText, item.more].filter(Boolean).join('\n\n'), lengths.text)
    if (rest) notes.changed('The detail was shortened, and the pages hold all of it, for', name)
    if (name !== named.words) notes.changed('The name is the beginning of the line for', quoted(name))
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
  const noteText = [name === whole || whole === '' ? '' : whole, rest, more].filter(Boolean).join('\n\n')
  const { kept: dmNotes, rest: tooMuch } = cutText(noteText, lengths.text)
  const kind = facts.kind ?? 'npc'
  const hp = facts.hp ?? { current: 10, max: 10 }
  const max = clamp(hp.max, 0, 9_999)
  const current = clamp(hp.current, -9_999, 9_999)
  const armourClass = facts.armourClass === null ? null : clamp(facts.armourClass, 0, 99)
  if (whole !== '' && name !== whole)
    notes.changed(`Names have at most ${lengths.name} characters. The notes hold the full name of`, quoted(name))
  if (tooMuch) notes.changed('The notes were shortened, and the pages hold all of them, for', name)
  if (!facts.hp) notes.changed('The text gives no hit points, so the import gave 10 to', name)
  if (max !== hp.max || current !== hp.current || armourClass !== facts.armourClass)
    notes.changed('Numbers beyond the limits of a campaign were set to the limit for', name)
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

/** Cuts `(hidden)` or `(visible)` from the end of a line. */
function marked(line: string): { words: string; isHidden: boolean | null } {
  const [mark, said] = /\s*\((hidden|visible)\)\s*$/i.exec(line.slice(-20)) ?? []
  if (!mark) return { words: line, isHidden: null }
  return { words: line.slice(0, line.length - mark.length), isHidden: said?.toLowerCase() === 'hidden' }
}

function itemOf(item: ListItem, text: string): Item {
  const [first, ...others] = item.children
  const isWords = first?.type === 'paragraph' || first?.type === 'heading'
  const head = isWords ? oneLine(unmasked(toString(first))) : ''
  const [from, to] = [item.position?.start.offset ?? 0, item.position?.end.offset ?? 0]
  const below = isWords ? others[0] : first
  const more = below?.position ? dedented(text.slice(lineStart(text, below.position.start.offset ?? to), to)) : ''
  return {
    head,
    more,
    isChecked: item.checked === true || /^\[[xX]\]/.test(head),
    source: unmasked(text.slice(from, to)).trim(),
    from,
  }
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

/** Includes the indentation of the line, so that `dedented` finds the same indentation in every line. */
function lineStart(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return /^[ \t]*$/.test(text.slice(start, offset)) ? start : offset
}

function dedented(source: string): string {
  const lines = unmasked(source).split('\n')
  const depths = lines.filter((line) => line.trim()).map((line) => line.length - line.trimStart().length)
  const depth = depths.reduce((least, one) => Math.min(least, one), depths[0] ?? 0)
  return lines
    .map((line) => line.slice(depth))
    .join('\n')
    .trim()
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
