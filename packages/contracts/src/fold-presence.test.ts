import { expect, it } from 'vitest'
import { emptyRoster, isListed, type LiveRoster } from './fold-presence.ts'

const person = (userId: string): LiveRoster['people'][number] => ({
  userId,
  name: 'Sue',
  role: 'spectator',
  online: true,
  status: 'idle',
  since: '2026-01-01T00:00:00.000Z',
  link: null,
  sync: null,
})

it('a page counts as listed unless a roster with a crowd leaves it out', () => {
  expect(isListed(emptyRoster, 'sue')).toBe(true)
  expect(isListed({ people: [person('ann')], unlisted: 0, at: null }, 'sue')).toBe(true)
  expect(isListed({ people: [person('ann')], unlisted: 9_950, at: null }, 'sue')).toBe(false)
  expect(isListed({ people: [person('ann'), person('sue')], unlisted: 9_949, at: null }, 'sue')).toBe(true)
})
