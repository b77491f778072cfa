import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyRoster, foldPresence } from './fold-presence.ts'
import type { Presence } from './room.ts'
import { applyRosterChange, type Roster, rosterChange } from './roster.ts'

type Person = { userId: string; name: string; link: { rttMs: number } | null }

const person = fc.record({
  userId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  name: fc.constantFrom('Ann', 'Bo'),
  link: fc.option(fc.record({ rttMs: fc.nat(2) })),
})
const roster: fc.Arbitrary<Roster<Person>> = fc.record({
  people: fc.uniqueArray(person, { selector: ({ userId }) => userId }),
  unlisted: fc.nat(3),
})
const sorted = ({ people, unlisted }: Roster<Person>) => ({
  people: people.toSorted((a, b) => a.userId.localeCompare(b.userId)),
  unlisted,
})

describe('a change of a roster', () => {
  it('makes the next roster from the one before, also when it is applied twice, and is null only for the same roster', () => {
    fc.assert(
      fc.property(roster, roster, (before, after) => {
        const change = rosterChange(before, after)
        if (!change) {
          expect(sorted(before)).toEqual(sorted(after))
          return
        }
        const applied = applyRosterChange(before, change)
        expect(sorted(applied)).toEqual(sorted(after))
        expect(sorted(applyRosterChange(applied, change))).toEqual(sorted(after))
        expect(rosterChange(applied, after)).toBeNull()
      }),
    )
  })

  it('has only the changed fields of a person', () => {
    const ann = { userId: 'a', name: 'Ann', link: { rttMs: 1 } }
    const before = { people: [ann, { userId: 'b', name: 'Bo', link: null }], unlisted: 0 }
    const after = { people: [{ ...ann, link: { rttMs: 2 } }], unlisted: 4 }
    expect(rosterChange(before, after)).toEqual({
      joined: [],
      changed: [{ userId: 'a', link: { rttMs: 2 } }],
      gone: ['b'],
      unlisted: 4,
    })
  })
})

describe('the roster of a page', () => {
  const ann: Presence = {
    userId: 'a',
    name: 'Ann',
    role: 'player',
    online: true,
    status: 'idle',
    since: '2026-01-01T00:00:00.000Z',
    link: null,
    sync: null,
  }
  const timestamp = ann.since

  it('is replaced by a snapshot, changed by a difference, and replaced by the events of an older server', () => {
    const first = foldPresence(emptyRoster, { type: 'roster', timestamp, at: 'e:1', roster: [ann], unlisted: 2 })
    expect(first).toEqual({ people: [ann], unlisted: 2, at: 'e:1' })
    const change = { joined: [], changed: [{ userId: 'a', online: false }], gone: [], unlisted: 0 }
    const second = foldPresence(first, { type: 'roster_changed', timestamp, at: 'e:2', ...change })
    expect(second).toEqual({ people: [{ ...ann, online: false }], unlisted: 0, at: 'e:2' })
    expect(foldPresence(second, { type: 'heartbeat', timestamp, epoch: 'c', seq: 9 })).toBe(second)
    const old = foldPresence(second, { type: 'player_joined', timestamp, user_id: 'a', roster: [ann] })
    expect(old).toEqual({ people: [ann], unlisted: 0, at: null })
  })
})
