import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stateHash } from './hash.ts'
import { formatPosition, parsePosition } from './position.ts'
import { applyPatch, diff, overlaps, touchedPaths } from './patch.ts'
import { emptyState, StatePatch } from './state.ts'
import { withUniqueIds } from './heal-state.ts'
import { isUnique } from './unique-ids.ts'

const item = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  name: fc.string(),
  hp: fc.record({ current: fc.nat(9), max: fc.nat(9) }),
  tags: fc.array(fc.string(), { maxLength: 2 }),
})
const list = fc.uniqueArray(item, { selector: ({ id }) => id })
const state = fc.record({
  scene: fc.string(),
  turn: fc.record({ round: fc.nat(5), current: fc.option(fc.string()) }),
  characters: list,
  threats: list,
})

describe('patches', () => {
  it('turn one state into the other, and undo is the identity', () => {
    fc.assert(
      fc.property(state, state, (before, after) => {
        const [there, back] = [diff(before, after), diff(after, before)]
        expect(there ? applyPatch(before, there) : before).toEqual(after)
        expect(back ? applyPatch(after, back) : after).toEqual(before)
      }),
    )
  })

  it('survive the wire', () => {
    fc.assert(
      fc.property(state, state, (before, after) => {
        const sent = JSON.parse(JSON.stringify(diff(before, after))) as ReturnType<typeof diff<typeof before>>
        expect(sent ? applyPatch(before, sent) : before).toEqual(after)
      }),
    )
  })

  it('name only the changed fields', () => {
    const before = {
      scene: 'a',
      characters: [
        { id: 'x', name: 'X', hp: 3 },
        { id: 'y', name: 'Y', hp: 4 },
      ],
    }
    const after = {
      ...before,
      characters: [
        { id: 'x', name: 'X', hp: 2 },
        { id: 'y', name: 'Y', hp: 4 },
      ],
    }
    expect(diff(before, after)).toEqual({ characters: { upsert: [{ id: 'x', hp: 2 }] } })
    expect(diff(before, before)).toBeNull()
  })

  const ids = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'gone'), { maxLength: 8 })
  const hostile = fc.record({ upsert: fc.array(item, { maxLength: 8 }), remove: ids, order: ids }, { requiredKeys: [] })

  it('leave each id once in a list, whatever they say', () => {
    fc.assert(
      fc.property(state, hostile, (before, characters) => {
        const after = applyPatch(before, { characters })
        expect(isUnique(after.characters.map(({ id }) => id))).toBe(true)
        const named = new Set([...before.characters, ...(characters.upsert ?? [])].map(({ id }) => id))
        expect(after.characters.filter(({ id }) => !named.has(id))).toEqual([])
      }),
    )
  })

  it('make a list whole again that held an id several times', () => {
    fc.assert(
      fc.property(state, fc.array(fc.nat(9), { maxLength: 4 }), (whole, doubled) => {
        const again = doubled.flatMap((place) => whole.characters[place] ?? [])
        const damaged = { ...whole, characters: [...again, ...whole.characters] }
        const patch = diff(damaged, whole)
        expect(patch ? applyPatch(damaged, patch) : damaged).toEqual(whole)
      }),
    )
  })

  it('touch the same place only when they write to it or to what holds it', () => {
    const touch = (patch: object) => touchedPaths(patch)
    const hp = touch({ characters: { upsert: [{ id: 'x', hp: 2 }] } })
    expect(overlaps(hp, touch({ characters: { upsert: [{ id: 'x', name: 'Z' }] } }))).toBe(false)
    expect(overlaps(hp, touch({ characters: { upsert: [{ id: 'x', hp: 9 }] } }))).toBe(true)
    expect(overlaps(hp, touch({ characters: { remove: ['x'] } }))).toBe(true)
    expect(overlaps(hp, touch({ scene: 's' }))).toBe(false)
  })

  it('overlap where a path of one is a path of the other, or holds it', () => {
    const path = fc
      .array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join('/'))
    const paths = fc.array(path, { maxLength: 4 })
    fc.assert(
      fc.property(paths, paths, (a, b) => {
        const isOrHolds = (x: string, y: string) => x === y || y.startsWith(`${x}/`)
        expect(overlaps(a, b)).toBe(a.some((x) => b.some((y) => isOrHolds(x, y) || isOrHolds(y, x))))
      }),
    )
  })
})

describe('an edit from outside', () => {
  for (const [what, patch] of Object.entries({
    'orders an id twice': { characters: { order: ['a', 'a', 'a', 'b'] } },
    'removes an id twice': { threats: { remove: ['a', 'a'] } },
    'changes an id twice': {
      beats: {
        upsert: [
          { id: 'a', done: true },
          { id: 'a', done: false },
        ],
      },
    },
    'gives somebody two turns': { turn: { round: 1, order: ['a', 'a'], current: 'a' } },
    'orders more than the list may hold': { environment: { order: Array.from({ length: 51 }, (_, id) => String(id)) } },
  }))
    it(`is refused when it ${what}`, () => {
      expect(StatePatch.safeParse(patch).success).toBe(false)
    })

  it('may name each id once in every part', () => {
    const patch = {
      characters: { upsert: [{ id: 'a', name: 'A' }, { id: 'b' }], remove: ['c', 'd'], order: ['b', 'a'] },
      turn: { round: 1, order: ['b', 'a'], current: 'a' },
    }
    expect(StatePatch.parse(patch)).toEqual(patch)
  })
})

describe('a state that an older version damaged', () => {
  it('is healed to one item for each id, and an undamaged state stays as it is', () => {
    const beat = (id: string) => ({ id, text: id, done: false, visible: true })
    const whole = { ...emptyState, beats: [beat('a'), beat('b')], turn: { round: 1, order: ['x', 'y'], current: 'x' } }
    const damaged = {
      ...whole,
      beats: [beat('a'), beat('a'), beat('b'), beat('a')],
      turn: { ...whole.turn, order: ['x', 'x', 'y'] },
    }
    expect(withUniqueIds(damaged)).toEqual(whole)
    expect(withUniqueIds(whole)).toBe(whole)
  })
})

describe('stateHash', () => {
  it('does not depend on the order of keys, and tells states apart', () => {
    expect(stateHash({ a: 1, b: { c: 2, d: 3 } })).toBe(stateHash({ b: { d: 3, c: 2 }, a: 1 }))
    fc.assert(
      fc.property(state, state, (a, b) => {
        expect(stateHash(a) === stateHash(b)).toBe(diff(a, b) === null)
      }),
    )
  })
})

describe('positions', () => {
  it('parse what they print, and nothing else', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/), fc.nat(), (epoch, seq) => {
        expect(parsePosition(formatPosition({ epoch, seq }))).toEqual({ epoch, seq })
      }),
    )
    for (const text of ['', 'a', 'a:', ':1', 'a:-1', 'a:01', 'a:1:2', 'a b:1', null])
      expect(parsePosition(text)).toBeNull()
  })
})
