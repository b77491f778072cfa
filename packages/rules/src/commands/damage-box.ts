// The small box in a fighter's row: `7`, `-7`, `+5`, `2d6+3 fire`, `8d6 half`, `temp 5`.
import type { Operation, OperationOf } from '../operations/operation.ts'
import { Refusal } from '../refusal.ts'
import { leftOver, readWholeAmount } from './amount.ts'
import { readDamageAmount } from './hit-point-commands.ts'

/** `half` alone is half of the amount that was typed last. */
export type BoxEntry =
  | { kind: 'damage'; amount: number | string; damageType: string | null; critical: boolean; take: Take }
  | { kind: 'heal' | 'setTemp'; amount: number | string }
  | { kind: 'half' }

type Take = OperationOf<'damage'>['targets'][number]['take']

/** A plain number is damage, and so is one with a minus; a plus heals. Throws `Refusal` with the reason. */
export function readDamageBox(text: string): BoxEntry {
  const asked = text.trim()
  if (asked === '') throw new Refusal('command', 'Type a number, or dice such as 2d6+3.')
  if (/^half$/i.test(asked)) return { kind: 'half' }
  const temp = /^(?:temp\s*=?\s*(.+)|(.+?)\s+temp)$/iu.exec(asked)
  if (temp) return { kind: 'setTemp', amount: readWholeAmount(temp[1] ?? temp[2] ?? '') }
  if (asked.startsWith('+')) return { kind: 'heal', amount: readWholeAmount(asked.slice(1)) }
  const bare = asked.replace(/^[\p{Pd}\u2212]\s*/u, '')
  const { amount, damageType, critical, left } = readDamageAmount(bare)
  const take = left === '' ? 'all' : TAKES.find((word) => word === left.toLowerCase())
  if (!take) throw leftOver(left)
  return { kind: 'damage', amount, damageType, critical, take }
}

const TAKES = ['half', 'double', 'none'] as const

/** The operation for the chosen rows. `last` is the entry before, for `half` alone. */
export function boxOperation(entry: BoxEntry, targets: readonly string[], last: BoxEntry | null): Operation {
  switch (entry.kind) {
    case 'heal':
    case 'setTemp':
      return { type: entry.kind, targets: [...targets], amount: entry.amount }
    case 'half':
      if (last?.kind !== 'damage') throw new Refusal('command', 'There is no damage before to take half of.')
      return boxOperation({ ...last, take: 'half' }, targets, null)
    case 'damage': {
      const { amount, critical, damageType, take } = entry
      const each = targets.map((id) => ({ id, take }))
      return { type: 'damage', targets: each, amount, critical, ...(damageType ? { damageType } : {}) }
    }
  }
}
