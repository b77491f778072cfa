import type { Member } from '@tablecast/contracts'
import { expect, test } from 'vitest'
import { shownToWords } from './shown-to-words.ts'

const member = (userId: string, name: string): Member => ({
  userId,
  name,
  role: 'player',
  joinedAt: '2026-01-01T00:00:00.000Z',
})
const members = [member('a', 'Ana'), member('r', 'Robin'), member('t', 'Tove')]

test.each([
  ['everyone', [], 'everyone'],
  ['nobody', [], 'nobody'],
  ['members', ['r'], 'Robin'],
  ['members', ['r', 'a'], 'Robin and Ana'],
  ['members', ['r', 'a', 't'], 'Robin, Ana, and Tove'],
  ['members', ['gone'], 'nobody who is at the table'],
] as const)('a handout for %s %j is shown to %s', (shownTo, ids, words) => {
  expect(shownToWords({ shownTo, members: [...ids] }, members)).toBe(words)
})
