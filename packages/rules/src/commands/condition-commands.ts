import { findCondition } from '../conditions.ts'
import { fold } from '../names/fold.ts'
import { findAtStart } from '../names/find.ts'
import type { Ability, For, Operation } from '../operations/operation.ts'
import { Refusal } from '../refusal.ts'
import { leftOver, readNamesAtStart } from './amount.ts'
import type { Table } from './command.ts'
import { readDamageAmount } from './hit-point-commands.ts'

const DASHES = '\\p{Pd}\\u2212'

/** `Mira +prone 3`, `Goblin 1-3 +stunned until save con 14 -prone`. */
export function readCondition(rest: string, table: Table): Operation[] {
  const { ids: targets, rest: changes } = readNamesAtStart(table.fighters, rest)
  const found = [...changes.matchAll(new RegExp(`(^|\\s)([+${DASHES}])\\s*([^+]+?)(?=\\s[+${DASHES}]|$)`, 'gu'))]
  if (
    found.length === 0 ||
    found
      .map(([all]) => all)
      .join('')
      .trim() !== changes.trim()
  )
    throw new Refusal('command', 'Write + or - before a condition: /condition Mira +prone.')
  return found.map(([, , sign = '', asked = '']): Operation => {
    if (sign !== '+') return { type: 'removeCondition', targets, condition: conditionOf(asked) }
    const { condition, lasts } = readLasting(asked.trim(), targets, table)
    return { type: 'addCondition', targets, condition: conditionOf(condition), ...(lasts ? { for: lasts } : {}) }
  })
}

/** The rules' word, or the words as they were typed. */
function conditionOf(asked: string): string {
  const condition = findCondition(asked)?.name ?? asked.trim()
  if (condition.length > 40) throw new Refusal('command', 'A condition has at most 40 characters.')
  if (/[\d=]/.test(condition)) throw leftOver(condition)
  return condition
}

type Lasting = { condition: string; lasts: For | null }

function readLasting(text: string, targets: readonly string[], table: Table): Lasting {
  const until = /^(.*?)\s+until\s+(.*)$/iu.exec(text)
  if (until) return { condition: until[1] ?? '', lasts: readUntil(until[2] ?? '', targets, table) }
  const time = /^(.*?)\s+(?:for\s+)?(\d{1,4})(?:\s*(?:r|rounds?|(m|min|minutes?)))?$/iu.exec(text)
  if (!time) return { condition: text, lasts: null }
  const rounds = Number(time[2]) * (time[3] === undefined ? 1 : ROUNDS_PER_MINUTE)
  if (rounds === 0) throw new Refusal('command', 'A condition lasts at least one round.')
  return { condition: time[1] ?? '', lasts: { kind: 'rounds', rounds } }
}

const ROUNDS_PER_MINUTE = 10

function readUntil(text: string, targets: readonly string[], { fighters }: Table): For {
  const save = /^(?:a\s+)?save\s+(?:of\s+)?(\p{L}+)\s+(?:dc\s*)?(\d{1,2})$/iu.exec(text)
  if (save) return { kind: 'save', ability: abilityOf(save[1] ?? ''), dc: Number(save[2]) }
  const turn = /^(?:the\s+)?(start|end)(?:\s+of\s+(.+?))?$/iu.exec(text)
  if (!turn) throw new Refusal('command', `“${text}” is no moment. Write until end of turn, or until save con 14.`)
  const at = turn[1]?.toLowerCase() === 'start' ? 'start' : 'end'
  const named = (turn[2] ?? '').replace(/(?:['’]s?)?\s*\b(?:its |their |next |the )*turn$/iu, '').trim()
  if (named !== '') {
    const { ids, rest } = findAtStart(fighters, named)
    const [of] = ids
    if (ids.length !== 1 || of === undefined || rest !== '') throw leftOver(rest || named)
    return { kind: 'turn', at, of }
  }
  const [bearer] = targets
  if (targets.length !== 1 || bearer === undefined)
    throw new Refusal('command', 'Say whose turn ends it: until end of Goblin 1.')
  return { kind: 'turn', at, of: bearer }
}

const abilities: readonly [Ability, string][] = [
  ['str', 'strength'],
  ['dex', 'dexterity'],
  ['con', 'constitution'],
  ['int', 'intelligence'],
  ['wis', 'wisdom'],
  ['cha', 'charisma'],
]

function abilityOf(asked: string): Ability {
  const wanted = fold(asked)
  const found = abilities.find(
    ([short, long]) => wanted.length >= 3 && long.startsWith(wanted) && wanted.startsWith(short),
  )
  if (!found) throw new Refusal('command', `“${asked}” is no ability: str, dex, con, int, wis or cha.`)
  return found[0]
}

/** `Mira bless`, `Mira off`. */
export function readConcentration(rest: string, { fighters }: Table): Operation[] {
  const { ids, rest: on } = findAtStart(fighters, rest)
  const [id] = ids
  if (ids.length !== 1 || id === undefined) throw new Refusal('command', 'One fighter concentrates: /conc Mira bless.')
  if (on === '') throw new Refusal('command', 'Say on which spell, or off: /conc Mira bless.')
  const isOff = /^(?:off|none|ends?|[-\u2010-\u2015\u2212])$/iu.test(on)
  return [{ type: 'concentrate', id, on: isOff ? null : on }]
}

/** `dex 14 Goblin 1-3 half 8d6 fire`: without dice only the save is rolled. */
export function readSave(rest: string, { fighters }: Table): Operation[] {
  const [, word = '', digits = '', names = ''] = /^(\p{L}+)\s+(?:dc\s*)?(\d{1,2})\s+(.+)$/isu.exec(rest) ?? []
  if (word === '') throw new Refusal('command', 'Write the ability, the DC and the names: /save dex 14 Goblin 1-3.')
  const [ability, dc] = [abilityOf(word), Number(digits)]
  const { ids, rest: after } = readNamesAtStart(fighters, names)
  if (after === '') return [{ type: 'save', targets: ids, ability, dc, concentration: false }]
  const [, share = '', dice = ''] = /^(half|none)\s+(.+)$/isu.exec(after) ?? []
  if (share === '') throw new Refusal('command', `“${after}” is not understood. Write half 8d6, or none 8d6.`)
  const { amount, damageType, critical, left } = readDamageAmount(dice)
  if (left !== '') throw leftOver(left)
  return [
    {
      type: 'damage',
      targets: ids.map((id) => ({ id, take: 'all' })),
      amount,
      critical,
      save: { ability, dc, onSave: share.toLowerCase() === 'half' ? 'half' : 'none' },
      ...(damageType ? { damageType } : {}),
    },
  ]
}
