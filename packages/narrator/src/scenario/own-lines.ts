// Writes a campaign's lists as Markdown and reads them back exactly: a name in bold, marks in brackets, numbers and conditions. Longer
// texts are indented below their line.
import type { Beat, Character, Condition, Threat } from '@tablecast/contracts'

/** The fields that a line holds. Markdown holds no ids and no owners. */
export type CharacterFields = Omit<Character, 'id' | 'ownerId'>
export type ThreatFields = Omit<Threat, 'id'>
export type BeatFields = Omit<Beat, 'id'>
export type ConditionFields = Omit<Condition, 'id'>

const HIDDEN = ' (hidden)'
const markOf = (visible: boolean): string => (visible ? '' : HIDDEN)

/** `- **Mira** (pc): HP 18/24, AC 15, *poisoned*`, with her notes indented below. */
export function characterLine(character: CharacterFields): string {
  const { name, kind, hp, hpVisible, armourClass, conditions, initiative, visible, dmNotes } = character
  const facts = [
    `HP ${hp.current}/${hp.max}${hp.temp > 0 ? ` +${hp.temp} temporary` : ''}`,
    armourClass === null ? '' : `AC ${armourClass}`,
    initiative === null ? '' : `initiative ${initiative}`,
    hpVisible === (kind === 'pc') ? '' : `hit points ${hpVisible ? 'shown' : 'hidden'}`,
    ...conditions.map((condition) => `*${escaped(condition)}*`),
  ]
  const head = `- **${escaped(name)}** (${kind})${markOf(visible)}: ${facts.filter(Boolean).join(', ')}`
  return dmNotes === '' ? head : `${head}\n${indented(dmNotes)}`
}

/** `- **The tide**: rises every hour` */
export function threatLine({ name, detail, visible }: ThreatFields): string {
  const [first = '', ...others] = detail.split('\n')
  const head = `- **${escaped(name)}**${markOf(visible)}`
  if (detail === '') return head
  return [`${head}: ${first}`, ...others.map((line) => indented(line))].join('\n')
}

/** `- [x] Reach the ferry house (hidden)` */
export const beatLine = ({ text, done, visible }: BeatFields): string =>
  `- [${done ? 'x' : ' '}] ${oneLine(text)}${markOf(visible)}`

export const conditionLine = ({ text, visible }: ConditionFields): string => `- ${oneLine(text)}${markOf(visible)}`

const nameAndMark = /^- \*\*((?:\\.|[^\\*])+)\*\*/
const fact = {
  hp: /^HP (-?\d+)\/(\d+)(?: \+(\d+) temporary)?/,
  armour: /^, AC (\d+)/,
  initiative: /^, initiative (-?[\d.e+-]+)/,
  hpVisible: /^, hit points (shown|hidden)/,
  condition: /^, \*((?:\\.|[^\\*])*)\*/,
}

/** Null if the line has another form. `below`: the further lines of the same item. */
export function readCharacterLine(line: string, below: readonly string[]): CharacterFields | null {
  const [bold, name = ''] = nameAndMark.exec(line) ?? []
  const [marks, kind, hidden] = /^ \((pc|npc|monster)\)( \(hidden\))?: /.exec(line.slice(bold?.length)) ?? []
  if (!bold || !marks || !isKind(kind)) return null
  let rest = line.slice(bold.length + marks.length)
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const found = pattern.exec(rest)
    if (found) rest = rest.slice(found[0].length)
    return found
  }
  const hp = take(fact.hp)
  if (!hp) return null
  const armour = take(fact.armour)
  const initiative = take(fact.initiative)
  const shown = take(fact.hpVisible)
  const conditions: string[] = []
  for (let one = take(fact.condition); one; one = take(fact.condition)) conditions.push(unescaped(one[1] ?? ''))
  return {
    name: unescaped(name),
    kind,
    hp: { current: Number(hp[1]), max: Number(hp[2]), temp: Number(hp[3] ?? 0) },
    hpVisible: shown ? shown[1] === 'shown' : kind === 'pc',
    armourClass: armour ? Number(armour[1]) : null,
    conditions,
    initiative: initiative ? Number(initiative[1]) : null,
    visible: !hidden,
    // A person may have added words behind the numbers.
    dmNotes: [rest.replace(/^[.,;]?\s*/, ''), ...below].filter((text, index) => text || index > 0).join('\n'),
  }
}

export function readThreatLine(line: string, below: readonly string[]): ThreatFields | null {
  const [bold, name = ''] = nameAndMark.exec(line) ?? []
  const [marks, hidden] = /^( \(hidden\))?(?::(?: |$)|$)/.exec(line.slice(bold?.length)) ?? []
  if (!bold || marks === undefined) return null
  return {
    name: unescaped(name),
    detail: [line.slice(bold.length + marks.length), ...below].join('\n'),
    visible: !hidden,
  }
}

export function readBeatLine(line: string): BeatFields | null {
  const [head, done] = /^- \[([ xX])\] /.exec(line) ?? []
  return head ? { ...readMarked(line.slice(head.length)), done: done !== ' ' } : null
}

export const readConditionLine = (line: string): ConditionFields | null =>
  line.startsWith('- ') ? readMarked(line.slice(2)) : null

function readMarked(text: string): { text: string; visible: boolean } {
  const visible = !text.endsWith(HIDDEN)
  return { text: unescaped(visible ? text : text.slice(0, -HIDDEN.length)), visible }
}

const isKind = (kind: string | undefined): kind is Character['kind'] =>
  kind === 'pc' || kind === 'npc' || kind === 'monster'

/** Escapes marks of Markdown and line breaks. */
const escaped = (text: string): string => oneLine(text.replaceAll(/[\\*_`[\]<>]/g, String.raw`\$&`), false)

/** Escapes line breaks and a closing “(hidden)”, and keeps marks of Markdown. */
function oneLine(text: string, withBackslashes = true): string {
  const kept = withBackslashes ? text.replaceAll('\\', '\\\\').replace(/\(hidden\)$/, String.raw`\(hidden)`) : text
  return kept.replaceAll('\n', String.raw`\n`).replaceAll('\r', String.raw`\r`)
}

const unescaped = (text: string): string =>
  text.replaceAll(/\\(.)/g, (_whole, unit: string) => (unit === 'n' ? '\n' : unit === 'r' ? '\r' : unit))

const INDENT = '  '
const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : INDENT + line))
    .join('\n')

/** The items of a list, each with its further lines, not indented. `before`: the lines above the first item. */
export function itemsIn(lines: readonly string[]): { before: string[]; items: { line: string; below: string[] }[] } {
  const before: string[] = []
  const items: { line: string; below: string[] }[] = []
  for (const line of lines) {
    const last = items.at(-1)
    if (line.startsWith('- ')) items.push({ line, below: [] })
    else if (last) last.below.push(line.startsWith(INDENT) ? line.slice(INDENT.length) : line)
    else before.push(line)
  }
  return { before, items }
}
