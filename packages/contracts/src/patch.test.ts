import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stateHash } from './hash.ts'
import { formatPosition, parsePosition } from './position.ts'
import { applyPatch, diff, overlaps, touchedPaths } from './patch.ts'

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

  it('name only what changed', () => {
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

  it('touch the same place only when they write to it or to what holds it', () => {
    const touch = (patch: object) => touchedPaths(patch)
    const hp = touch({ characters: { upsert: [{ id: 'x', hp: 2 }] } })
    expect(overlaps(hp, touch({ characters: { upsert: [{ id: 'x', name: 'Z' }] } }))).toBe(false)
    expect(overlaps(hp, touch({ characters: { upsert: [{ id: 'x', hp: 9 }] } }))).toBe(true)
    expect(overlaps(hp, touch({ characters: { remove: ['x'] } }))).toBe(true)
    expect(overlaps(hp, touch({ scene: 's' }))).toBe(false)
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
