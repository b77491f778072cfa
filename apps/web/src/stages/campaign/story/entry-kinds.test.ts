import type { NarrativeEntry } from '@tablecast/contracts'
import { expect, it } from 'vitest'
import { foldedRuns } from './entry-kinds.ts'

const entry = (id: string, fields: Partial<NarrativeEntry> = {}): NarrativeEntry => ({
  id,
  at: '2026-01-01T00:00:00.000Z',
  kind: 'system',
  author: { id: 'dee', name: 'Dee', role: 'dm' },
  text: id,
  rolls: [],
  audience: 'all',
  withdrawn: false,
  ...fields,
})
const runs = (...entries: NarrativeEntry[]) => foldedRuns(entries).map((run) => run.map(({ id }) => id).join(' '))

it('a turn is one run with its bookkeeping, and the bookkeeping before the first turn is another', () => {
  const folded = { isBookkeeping: true }
  expect(
    runs(
      entry('order', folded),
      entry('roll', folded),
      entry('acts', { turn: 't1' }),
      entry('save', { turn: 't1', ...folded }),
      entry('hits', { turn: 't1' }),
      entry('says', { kind: 'player' }),
      entry('heals', { turn: 't1' }),
      entry('next', { turn: 't2' }),
    ),
  ).toEqual(['order roll', 'acts save hits', 'says', 'heals', 'next'])
})

it('bookkeeping that was taken back is not folded away', () => {
  expect(runs(entry('a', { isBookkeeping: true }), entry('b', { isBookkeeping: true, withdrawn: true }))).toEqual([
    'a',
    'b',
  ])
})
