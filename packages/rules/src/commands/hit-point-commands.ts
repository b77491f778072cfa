import { damageTypes } from '../damage-types.ts'
import { fold } from '../names/fold.ts'
import { readList, type Listed } from '../names/list.ts'
import type { Operation, OperationOf } from '../operations/operation.ts'
import { Refusal } from '../refusal.ts'
import { beginsWithName, leftOver, readAmount, readNamesAtStart, readWholeAmount } from './amount.ts'
import type { Table } from './command.ts'

type Target = OperationOf<'damage'>['targets'][number]

/** `2d6+3 fire Goblin 1, Goblin 2 half`, or the names first: `Mira 7`. */
export function readDamage(rest: string, { fighters }: Table): Operation[] {
  if (beginsWithName(fighters, rest)) {
    const { ids, rest: after } = readNamesAtStart(fighters, rest)
    const { amount, damageType, critical, left } = readDamageAmount(after)
    if (left !== '') throw leftOver(left)
    const targets = ids.map((id): Target => ({ id, take: 'all' }))
    return [{ type: 'damage', targets, amount, critical, ...(damageType ? { damageType } : {}) }]
  }
  const { amount, damageType, critical, left } = readDamageAmount(rest)
  if (left === '') throw new Refusal('command', 'Say who takes the damage: /damage 7 Goblin 1.')
  const targets = readList(fighters, left).map(targetOf)
  return [{ type: 'damage', targets, amount, critical, ...(damageType ? { damageType } : {}) }]
}

type DamageAmount = { amount: number | string; damageType: string | null; critical: boolean; left: string }

/** An amount with `critical` and a type behind it. */
export function readDamageAmount(text: string): DamageAmount {
  const { amount, rest } = readAmount(text)
  let left = rest
  let critical = false
  let damageType: string | null = null
  for (;;) {
    const [, word = '', after = ''] = /^(\S+)\s*(.*)$/su.exec(left) ?? []
    const known = damageTypes.find((type) => type === fold(word))
    if (!damageType && known) damageType = known
    else if (!critical && (word === 'critical' || word === 'crit')) critical = true
    else if (word === 'damage') left = after
    else return { amount, damageType, critical, left }
    left = after
  }
}

const NOTES: Readonly<Record<string, Omit<Target, 'id'>>> = {
  '': { take: 'all' },
  half: { take: 'half' },
  halved: { take: 'half' },
  resists: { take: 'half' },
  resistant: { take: 'half' },
  double: { take: 'double' },
  doubled: { take: 'double' },
  vulnerable: { take: 'double' },
  none: { take: 'none' },
  immune: { take: 'none' },
}

function targetOf({ id, note }: Listed): Target {
  const known = Object.hasOwn(NOTES, fold(note)) ? NOTES[fold(note)] : undefined
  if (!known) throw new Refusal('command', `“${note}” is not understood. Write half, double or none behind a name.`)
  return { id, ...known }
}

/** `2d8+3 Mira, Old Tom`, or the names first. */
export function readHeal(rest: string, table: Table): Operation[] {
  const { ids, amount } = readNamesAndAmount(rest, table)
  return [{ type: 'heal', targets: ids, amount }]
}

export function readTemp(rest: string, table: Table): Operation[] {
  const { ids, amount } = readNamesAndAmount(rest, table)
  return [{ type: 'setTemp', targets: ids, amount }]
}

function readNamesAndAmount(rest: string, { fighters }: Table): { ids: string[]; amount: number | string } {
  if (beginsWithName(fighters, rest)) {
    const { ids, rest: after } = readNamesAtStart(fighters, rest)
    if (after === '') throw new Refusal('command', 'Say how many hit points.')
    return { ids, amount: readWholeAmount(after) }
  }
  const { amount, rest: names } = readAmount(rest)
  if (names === '') throw new Refusal('command', 'Say whose hit points.')
  const listed = readList(fighters, names)
  const note = listed.find((one) => one.note !== '')?.note
  if (note !== undefined) throw leftOver(note)
  return { ids: listed.map(({ id }) => id), amount }
}

/** `Mira -7`, `all +2d4`, `Mira =12`, `Mira max=30`, `Mira temp=5`. */
export function readHitPoints(rest: string, { fighters }: Table): Operation[] {
  const { ids: targets, rest: change } = readNamesAtStart(fighters, rest)
  const [, word = '', asked = ''] = /^(\+|[-\u2010-\u2015\u2212]|max\s*=|temp\s*=|=)\s*(.+)$/isu.exec(change) ?? []
  const sign = word.replaceAll(/\s/g, '').toLowerCase()
  if (sign === '') throw new Refusal('command', 'Say how the hit points change: -7, +4, =12, max=30 or temp=5.')
  const amount = readWholeAmount(asked)
  if (sign === '+') return [{ type: 'heal', targets, amount }]
  if (sign === 'temp=') return [{ type: 'setTemp', targets, amount }]
  if (sign !== '=' && sign !== 'max=')
    return [{ type: 'damage', targets: targets.map((id) => ({ id, take: 'all' })), amount, critical: false }]
  if (typeof amount !== 'number') throw new Refusal('command', 'Set hit points to a number, such as =12.')
  return [{ type: 'setHitPoints', targets, ...(sign === '=' ? { current: amount } : { max: amount }) }]
}
