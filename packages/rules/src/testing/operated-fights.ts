// Small fights, and the operations that tests apply to them.
import type { Fighter, FightState } from '../fighter.ts'
import { roll } from '../notation/index.ts'
import { applyOperation, type Applied } from '../operations/apply.ts'
import type { FightContext } from '../operations/fight.ts'
import { aContext, aFighter, read } from './arbitrary-fights.ts'

/** A context whose dice show these values, one after the other. */
export const draws = (...values: number[]): FightContext => {
  const left = [...values]
  return {
    ...aContext(),
    roll: (given) =>
      roll(given, () => {
        const value = left.shift()
        if (value === undefined) throw new Error('no die is left')
        return value
      }),
  }
}

/** Applies operations as a client sends them, one after the other. */
export function run(state: FightState, ...operations: [unknown, FightContext?][]): Applied {
  let applied: Applied = { state, changes: [], lines: [], due: [], summary: null }
  for (const [operation, context = aContext()] of operations)
    applied = applyOperation(applied.state, read(operation), context)
  return applied
}

export const get = ({ state }: Applied, id: string): Fighter => {
  const found = state.characters.find((one) => one.id === id)
  if (!found) throw new Error(`${id} is not there`)
  return found
}

export const pc = (id: string, current: number, max = current, fields: Partial<Fighter> = {}) =>
  aFighter(id, { kind: 'pc', hp: { current, max, temp: 0 }, ...fields })
export const monster = (id: string, current: number, fields: Partial<Fighter> = {}) =>
  aFighter(id, { hp: { current, max: current, temp: 0 }, ...fields })
export const fight = (characters: Fighter[], current: string | null = null, round = 1): FightState => ({
  characters,
  turn: { round, order: characters.map(({ id }) => id), current },
  encounter: null,
})
export const hit = (id: string, amount: number | string, more = {}) => ({
  type: 'damage',
  targets: [{ id }],
  amount,
  ...more,
})
export const next = (fighter: string | null, round: number) =>
  [{ type: 'advanceTurn', ends: { fighter, round } }] as [unknown]
