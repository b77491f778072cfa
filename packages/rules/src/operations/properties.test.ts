import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fighter, FightState } from '../fighter.ts'
import type { RollKind, RollResult } from '../notation/index.ts'
import { Refusal } from '../refusal.ts'
import {
  aContext,
  aDamage,
  anId,
  anOperation,
  anyFighters,
  aStep,
  atRest,
  begun,
  read,
  theStep,
  typesOf,
} from '../testing/arbitrary-fights.ts'
import { applyOperation, type Applied } from './apply.ts'
import { undoChanges } from './changes.ts'
import type { FightContext } from './fight.ts'
import type { Operation } from './operation.ts'

/** Null: the rules refused it. */
function tried(state: FightState, operation: Operation, seed: number): Applied | null {
  return orNull(() => applyOperation(state, operation, aContext(seed)))
}

function orNull(apply: () => Applied): Applied | null {
  try {
    return apply()
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

/** Null and a missing field mean the same. */
const plain = (state: FightState): unknown =>
  JSON.parse(JSON.stringify(state, (_key, value: unknown) => (value === null ? undefined : value)))

const aFight = fc.tuple(anyFighters, fc.boolean()).map(([all, isOn]) => (isOn ? begun(all) : atRest(all)))
const steps = fc.array(fc.tuple(aStep, fc.nat()), { maxLength: 40 })

function played(start: FightState, all: [Operation | 'next' | 'back', number][]): FightState {
  return all.reduce((state, [step, seed]) => tried(state, theStep(state, step), seed)?.state ?? state, start)
}

describe('any operations', () => {
  it('are tried by the properties, each kind of them', () => {
    const seen = new Set(fc.sample(anOperation, { numRuns: 2_000, seed: 1 }).map(({ type }) => type))
    expect([...seen, 'advanceTurn'].sort()).toEqual(typesOf().sort())
  })

  it('keep hit points, death saves and uses within their bounds', () => {
    fc.assert(
      fc.property(aFight, steps, (start, all) => {
        for (const { hp, downed, uses } of played(start, all).characters) {
          expect(hp.current).toBeGreaterThanOrEqual(0)
          expect(hp.current).toBeLessThanOrEqual(hp.max)
          expect(hp.temp).toBeGreaterThanOrEqual(0)
          if (downed) expect(hp.current).toBe(0)
          expect(downed?.successes ?? 0).toBeLessThanOrEqual(3)
          expect(downed?.failures ?? 0).toBeLessThanOrEqual(3)
          for (const { left, most } of uses ?? []) expect(left).toBeLessThanOrEqual(most)
        }
      }),
      { numRuns: 400 },
    )
  })

  it('roll in the open exactly what players read with its dice', () => {
    let [open, secret] = [0, 0]
    fc.assert(
      fc.property(aFight, steps, (start, all) => {
        let state = start
        for (const [step, seed] of all) {
          const kinds = new Map<RollResult, RollKind>()
          const context = aContext(seed)
          const roll: FightContext['roll'] = (given, kind) => {
            const rolled = context.roll(given, kind)
            kinds.set(rolled, kind)
            return rolled
          }
          const done = orNull(() => applyOperation(state, theStep(state, step), { ...context, roll }))
          if (!done) continue
          state = done.state
          for (const { players, rolls } of done.lines)
            for (const one of rolls) {
              // A number on a real die was not rolled here.
              const kind = kinds.get(one)
              if (kind !== undefined) expect(kind).toBe(players === null ? 'secret' : 'open')
              if (kind === 'open') open++
              if (kind === 'secret') secret++
              kinds.delete(one)
            }
          // Dice without a line, such as hit points, are for nobody's eyes.
          for (const kind of kinds.values()) expect(kind).toBe('secret')
        }
      }),
      { numRuns: 300 },
    )
    expect(Math.min(open, secret)).toBeGreaterThan(10)
  })

  it('keep each fighter once in the order, and the acting one in it', () => {
    fc.assert(
      fc.property(aFight, steps, (start, all) => {
        const { characters, turn, encounter } = played(start, all)
        const known = new Set(characters.map(({ id }) => id))
        expect(new Set(turn.order).size).toBe(turn.order.length)
        for (const id of turn.order) expect(known).toContain(id)
        for (const id of encounter?.awaiting ?? []) expect(turn.order).toContain(id)
        if (turn.current !== null) expect(turn.order).toContain(turn.current)
      }),
      { numRuns: 400 },
    )
  })

  it('followed by an undo leave everything as it was', () => {
    let undone = 0
    fc.assert(
      fc.property(aFight, steps, aStep, fc.nat(), (start, all, last, seed) => {
        const before = played(start, all)
        const applied = tried(before, theStep(before, last), seed)
        if (!applied) return
        undone += applied.changes.length
        // As the journal keeps them.
        const changes = JSON.parse(JSON.stringify(applied.changes)) as Applied['changes']
        const { state, conflicts } = undoChanges(applied.state, changes)
        expect(conflicts).toEqual([])
        expect(plain(state)).toEqual(plain(before))
      }),
      { numRuns: 1_000 },
    )
    expect(undone).toBeGreaterThan(500)
  })

  it('leave the given state alone, and say nothing to players about a hidden fighter', () => {
    fc.assert(
      fc.property(aFight, aStep, fc.nat(), (start, step, seed) => {
        const state = withSecretNames(start)
        const before = JSON.stringify(state)
        const applied = tried(state, theStep(state, step), seed)
        expect(JSON.stringify(state)).toBe(before)
        const hidden = state.characters.filter(({ visible }) => !visible)
        const isShown = (id: string) => applied?.state.characters.some((one) => one.id === id && one.visible)
        for (const { players } of applied?.lines ?? [])
          for (const { id, name } of hidden) if (!isShown(id)) expect(players ?? '').not.toContain(name)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('a fight of hidden fighters', () => {
  it('tells players only that a fight begins and ends', () => {
    const hidden = aFight.map((state) => ({
      ...state,
      characters: state.characters.map((one) => ({ ...one, visible: false })),
    }))
    let lines = 0
    fc.assert(
      fc.property(hidden, steps, (start, all) => {
        let state = start
        for (const [step, seed] of all) {
          const applied = tried(state, theStep(state, step), seed)
          if (!applied || applied.state.characters.some(({ visible }) => visible)) continue
          state = applied.state
          for (const { players } of applied.lines) {
            lines++
            expect([null, 'Roll for initiative!', 'The fight is over.']).toContain(players)
          }
        }
      }),
      { numRuns: 300 },
    )
    expect(lines).toBeGreaterThan(300)
  })
})

const withSecretNames = (state: FightState): FightState => ({
  ...state,
  characters: state.characters.map((one) => ({ ...one, name: `Name of ${one.id}` })),
})

describe('two operations commute', () => {
  const both = (start: FightState, a: Operation, b: Operation): [unknown, unknown] => {
    const [first, second] = [tried(start, a, 1), tried(start, b, 2)]
    if (!first || !second) return [null, null]
    return [tried(first.state, b, 2)?.state, tried(second.state, a, 1)?.state]
  }
  const aCondition = fc
    .record({ id: anId, condition: fc.constantFrom('prone', 'poisoned', 'stunned') })
    .map(({ id, condition }) => read({ type: 'addCondition', targets: [id], condition }))

  it('when both are damage: hit points, temporary ones and defeats are the same', () => {
    fc.assert(
      fc.property(aFight, aDamage, aDamage, (start, a, b) => {
        const [one, other] = both(start, a, b)
        expect(withoutDeathSaves(one)).toEqual(withoutDeathSaves(other))
      }),
      { numRuns: 1_000 },
    )
  })

  it('when one is damage and the other a condition', () => {
    fc.assert(
      fc.property(aFight, aDamage, aCondition, (start, a, b) => {
        const [one, other] = both(start, a, b)
        expect(one).toEqual(other)
      }),
      { numRuns: 1_000 },
    )
  })

  it('when they change different fighters', () => {
    fc.assert(
      fc.property(aFight, aDamage, anOperation, (start, a, b) => {
        if (a.type !== 'damage' || !('targets' in b) || b.type === 'removeFighters' || b.type === 'rollInitiative')
          return
        const named = new Set(b.targets.map((one) => (typeof one === 'string' ? one : one.id)))
        if (a.targets.some(({ id }) => named.has(id))) return
        const [one, other] = both(start, a, b)
        expect(one).toEqual(other)
      }),
      { numRuns: 1_000 },
    )
  })

  /** The rules count a hit at 0 as a failed death save, so there the order of two hits on a player's character matters. */
  function withoutDeathSaves(state: unknown): unknown {
    if (typeof state !== 'object' || state === null || !('characters' in state)) return state
    const { characters } = state as FightState
    return characters.map((one): Fighter => (one.kind === 'pc' ? { ...one, downed: null } : one))
  }
})
