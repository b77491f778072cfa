import { describe, expect, it } from 'vitest'
import type { FightState } from './fighter.ts'
import { applyOperation } from './operations/apply.ts'
import { shownNames } from './shown-names.ts'
import { aContext, aFighter, atRest, read } from './testing/arbitrary-fights.ts'

const run = (state: FightState, operation: unknown) => applyOperation(state, read(operation), aContext())
const names = ({ characters }: FightState) => [...shownNames(characters).values()]
const idOf = ({ characters }: FightState, name: string) => characters.find((one) => one.name === name)?.id ?? ''

describe('the names that players see', () => {
  const hidden = run(atRest([aFighter('mira', { name: 'Mira' })]), {
    type: 'addFighters',
    fighters: [{ name: 'Goblin', count: 5, hp: 7, visible: false }],
  }).state
  const show = (state: FightState, ...all: string[]) =>
    run(state, { type: 'show', targets: all.map((name) => idOf(state, name)), visible: true }).state

  it('count creatures in the order in which they appear, and never the hidden', () => {
    const one = show(hidden, 'Goblin 5')
    expect(names(one)).toEqual(['Mira', 'Goblin'])
    const two = show(one, 'Goblin 1')
    expect(names(two)).toEqual(['Mira', 'Goblin 2', 'Goblin 1'])
    expect(two.characters.filter(({ visible }) => visible).map(({ name }) => name)).toEqual([
      'Mira',
      'Goblin 1',
      'Goblin 5',
    ])
  })

  it('are the aliases until the DM reveals the real ones, which then count on', () => {
    const masked = run(show(hidden, 'Goblin 1'), {
      type: 'setAlias',
      targets: [idOf(hidden, 'Goblin 2'), idOf(hidden, 'Goblin 3')],
      alias: 'Hooded figure',
    }).state
    const seen = show(masked, 'Goblin 3', 'Goblin 2')
    expect(names(seen)).toEqual(['Mira', 'Goblin', 'Hooded figure 1', 'Hooded figure 2'])
    const { state, lines } = run(seen, { type: 'revealName', targets: [idOf(hidden, 'Goblin 3')] })
    expect(names(state)).toEqual(['Mira', 'Goblin 1', 'Hooded figure', 'Goblin 2'])
    expect(lines.map(({ players }) => players)).toEqual(['Hooded figure 2 is Goblin 2.'])
  })

  it('are names of their own where the DM gave one, and the names of today where there is nothing new', () => {
    const renamed = show(hidden, 'Goblin 4')
    const characters = renamed.characters.map((one) => (one.name === 'Goblin 4' ? { ...one, name: 'Grix' } : one))
    expect([...shownNames(characters).values()]).toEqual(['Mira', 'Grix'])
  })
})
