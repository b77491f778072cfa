import { describe, expect, it } from 'vitest'
import { aContext, atRest } from '../testing/arbitrary-fights.ts'
import { get, next, pc, run } from '../testing/operated-fights.ts'
import type { Applied } from './apply.ts'
import { undoChanges } from './changes.ts'

describe('an encounter', () => {
  const party = [pc('mira', 9), pc('tom', 9)]
  const start = {
    type: 'startEncounter',
    name: 'Ambush',
    fighters: [
      { name: 'Goblin', count: 6, hp: '2d6', armourClass: 15, initiativeBonus: 2, xp: 50 },
      { name: 'Hobgoblin', hp: 11, xp: 100, alias: 'Hooded figure', visible: false, surprised: true },
    ],
    joining: ['mira', 'tom'],
  }
  const begun = run(atRest(party), [start])
  const named = (applied: Applied, name: string) => {
    const found = applied.state.characters.find((one) => one.name === name)
    if (!found) throw new Error(`${name} is not there`)
    return found.id
  }

  it('begins with one operation: numbered creatures with rolled hit points, and players who are still to roll', () => {
    const { characters, turn, encounter } = begun.state
    expect(characters.slice(2).map(({ name }) => name)).toEqual([
      ...[1, 2, 3, 4, 5, 6].map((number) => `Goblin ${number}`),
      'Hobgoblin',
    ])
    for (const { hp } of characters.slice(2, 8)) {
      expect(hp.current).toBe(hp.max)
      expect(hp.max).toBeGreaterThanOrEqual(2)
      expect(hp.max).toBeLessThanOrEqual(12)
    }
    expect(turn).toMatchObject({ round: 0, current: null })
    expect(new Set(turn.order).size).toBe(9)
    expect(encounter?.awaiting).toEqual(['mira', 'tom'])
    const rolled = run(begun.state, [{ type: 'rollInitiative', targets: ['mira'], rolled: 20 }])
    expect(rolled.state.encounter?.awaiting).toEqual(['tom'])
    expect(() => run(begun.state, [start])).toThrow('A fight is on')
  })

  it('lets the surprised act from the end of their first turn', () => {
    const boss = named(begun, 'Hobgoblin')
    expect(get(begun, boss).conditions).toEqual(['surprised'])
    let applied = run(begun.state, next(null, 0))
    for (let passed = 0; passed < 9; passed++) {
      const { current, round } = applied.state.turn
      applied = run(applied.state, next(current, round))
    }
    expect(applied.state.turn.round).toBe(2)
    expect(get(applied, boss).conditions).toEqual([])
  })

  it('ends with the fallen, their worth and the time, and takes the defeated away', () => {
    const goblin = named(begun, 'Goblin 1')
    const fallen = run(
      begun.state,
      [{ type: 'defeat', targets: [goblin] }],
      [{ type: 'removeFighters', targets: [named(begun, 'Goblin 2')], from: 'campaign' }],
    )
    const end = { ...aContext(), now: '2026-01-01T20:25:00.000Z' }
    const after = run(fallen.state, [{ type: 'endEncounter', removeFoes: 'defeated' }, end])
    expect(after.summary).toEqual({ name: 'Ambush', rounds: 0, minutes: 25, fallen: ['Goblin 1'], xp: 50 })
    expect(after.state.turn).toEqual({ round: 0, order: [], current: null })
    expect(after.state.characters.some(({ id }) => id === goblin)).toBe(false)
    expect(after.lines.at(-1)?.players).toBe('The fight is over.')
  })

  it('is undone as a whole', () => {
    const { state, conflicts } = undoChanges(begun.state, begun.changes)
    expect(conflicts).toEqual([])
    expect(state.characters.map(({ id }) => id)).toEqual(['mira', 'tom'])
    expect(state.turn).toEqual(atRest(party).turn)
  })
})
