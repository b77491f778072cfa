import { findAtStart } from '../names/find.ts'
import type { Operation } from '../operations/operation.ts'
import { readExpression } from '../notation/index.ts'
import { Refusal } from '../refusal.ts'
import { leftOver, readNamesAtStart } from './amount.ts'
import type { Table } from './command.ts'

/** Names the turn as the person sees it, so that two people who type at once end one turn. */
export function readTurn(rest: string, { turn }: Table, direction: 'next' | 'back'): Operation[] {
  if (rest !== '') throw leftOver(rest)
  return [{ type: 'advanceTurn', ends: { fighter: turn.current, round: turn.round }, direction }]
}

/** Nothing: those without an initiative roll, or else all. Else `Mira 17`, `Mira 1d20+3`, `Goblin 1-3 12`. */
export function readInitiative(rest: string, { fighters, awaiting = [] }: Table): Operation[] {
  if (rest === '') {
    if (fighters.length === 0) throw new Refusal('command', 'There is nobody who could roll.')
    const without = fighters.filter(({ id }) => awaiting.includes(id))
    return [rollFor((without.length > 0 ? without : fighters).map(({ id }) => id))]
  }
  const { ids, rest: asked } = readNamesAtStart(fighters, rest)
  if (asked === '') return [rollFor(ids)]
  const initiative = readValue(asked.replace(/^=\s*/, ''))
  return ids.map((id) => ({ type: 'setInitiative', id, initiative }))
}

const rollFor = (targets: string[]): Operation => ({ type: 'rollInitiative', targets })

function readValue(asked: string): number | string {
  if (/^[-\u2010-\u2015\u2212]?\d{1,3}$/u.test(asked)) return Number(asked.replace(/^[\u2010-\u2015\u2212]/u, '-'))
  readExpression(asked)
  return asked
}

/** `Mira`, or the number on a real die: `Mira 14`. */
export function readDeath(rest: string, { fighters }: Table): Operation[] {
  const { ids, rest: asked } = findAtStart(fighters, rest)
  const [id] = ids
  if (ids.length !== 1 || id === undefined) throw new Refusal('command', 'One fighter makes a death save: /death Mira.')
  if (asked === '') return [{ type: 'deathSave', id }]
  if (!/^(?:1\d?|20|[2-9])$/.test(asked)) throw new Refusal('command', `“${asked}” is no side of a d20.`)
  return [{ type: 'deathSave', id, rolled: Number(asked) }]
}
