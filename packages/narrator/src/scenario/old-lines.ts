// Reads the lists of older exports of Tablecast. These do not mark player characters, and do not indent the further lines of a text.
import type { BeatFields, CharacterFields, ConditionFields, ThreatFields } from './own-lines.ts'

/** Exports for players have a word for the health in place of hidden numbers. */
const numbers = /^- \*\*(.+?)\*\*: (?:HP (-?\d+)\/(\d+)|unhurt|hurt|bloodied|down)(?:, AC (\d+))?/
const behind = /^((?:, [^,.(]+)*)( \(hidden\))?(?:\. |$)/

export const isOldCharacterLine = (line: string): boolean => numbers.test(line)

/** `- **Mira**: HP 18/24, AC 15, poisoned (hidden). Her notes`. The line does not say whether players saw the hit points: they do not. */
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
