// Lines of the Markdown that Tablecast exported before its lists could be read back exactly: it did not say who is a player character,
// and texts of several lines were not indented.
import type { BeatFields, CharacterFields, ConditionFields, ThreatFields } from './own-lines.ts'

/** Where players saw no numbers, there is a word for how somebody looks. */
const numbers = /^- \*\*(.+?)\*\*: (?:HP (-?\d+)\/(\d+)|unhurt|hurt|bloodied|down)(?:, AC (\d+))?/
const behind = /^((?:, [^,.(]+)*)( \(hidden\))?(?:\. |$)/

export const isOldCharacterLine = (line: string): boolean => numbers.test(line)

/** `- **Mira**: HP 18/24, AC 15, poisoned (hidden). Her notes`. Nobody's hit points are shown: the line does not tell whose were. */
export function readOldCharacterLine(line: string, below: readonly string[]): CharacterFields | null {
  const [head, name = '', current, max, armour] = numbers.exec(line) ?? []
  if (head === undefined) return null
  const rest = line.slice(head.length)
  const [taken = '', conditions = '', hidden] = behind.exec(rest) ?? []
  const visible = !hidden
  return {
    name,
    kind: visible ? 'pc' : 'npc',
    hp: { current: Number(current ?? 10), max: Number(max ?? 10), temp: 0 },
    hpVisible: false,
    armourClass: armour === undefined ? null : Number(armour),
    conditions: conditions.split(', ').filter(Boolean),
    initiative: null,
    visible,
    dmNotes: [rest.slice(taken.length), ...below].join('\n').trim(),
  }
}

/** `- The tide: rises every hour (hidden)` */
export function readOldThreatLine(line: string, below: readonly string[]): ThreatFields | null {
  const { text, visible } = readOldMarked([line, ...below].join('\n'))
  const [name = '', ...detail] = text.split(': ')
  return { name, detail: detail.join(': '), visible }
}

/** `- [x] Reach the ferry house (hidden)` */
export function readOldBeatLine(line: string): BeatFields | null {
  const { text, visible } = readOldMarked(line)
  return { text: text.replace(/^\[[ xX]\] /, ''), visible, done: /^\[[xX]\]/.test(text) }
}

export const readOldConditionLine = (line: string): ConditionFields | null => readOldMarked(line)

const HIDDEN = ' (hidden)'

function readOldMarked(item: string): { text: string; visible: boolean } {
  const visible = !item.trimEnd().endsWith(HIDDEN)
  return { text: (visible ? item : item.trimEnd().slice(0, -HIDDEN.length)).replace(/^- /, ''), visible }
}
