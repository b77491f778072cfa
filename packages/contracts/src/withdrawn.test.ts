import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NarrativeEntry } from './state.ts'
import { entryForPlayers, markEntries, withoutWords } from './withdrawn.ts'

const entryOf = (id: string, changes: Partial<NarrativeEntry> = {}): NarrativeEntry => ({
  id,
  at: '2026-01-01T00:00:00.000Z',
  kind: 'player',
  author: { id: 'SECRET-id', name: 'SECRET-name', role: 'player' },
  text: 'SECRET-text',
  rolls: [{ notation: '1d4', output: 'SECRET-roll', total: 4, label: 'SECRET-label' }],
  audience: 'all',
  withdrawn: false,
  ...changes,
})

describe('a withdrawn entry', () => {
  it('holds no words, dice, author or kind for players, whether it was marked live or read later', () => {
    const withdrawn = entryOf('a', { withdrawn: true })
    const shown = entryForPlayers(withdrawn)
    expect(JSON.stringify(shown)).not.toContain('SECRET')
    expect(shown).toMatchObject({ id: 'a', at: withdrawn.at, withdrawn: true, text: '', rolls: [] })
    expect(markEntries([entryOf('a')], [{ id: 'a', withdrawn: true }], 'player')).toEqual([shown])
    expect(withoutWords(shown)).toEqual(shown)
    expect(entryForPlayers(entryOf('b'))).toEqual(entryOf('b'))
  })

  it('keeps its words for the DM', () => {
    expect(markEntries([entryOf('a')], [{ id: 'a', withdrawn: true }], 'dm')).toEqual([
      entryOf('a', { withdrawn: true }),
    ])
  })

  it('names who withdrew it for the DM alone, until a redo restores it', () => {
    const mark = { id: 'a', withdrawn: true, by: 'Ann' }
    const [marked = entryOf('a')] = markEntries([entryOf('a')], [mark], 'dm')
    expect(marked).toEqual(entryOf('a', { withdrawn: true, takenBackBy: 'Ann' }))
    expect(JSON.stringify([entryForPlayers(marked), markEntries([entryOf('a')], [mark], 'player')])).not.toContain(
      'Ann',
    )
    expect(markEntries([marked], [{ id: 'a', withdrawn: false }], 'dm')).toEqual([entryOf('a')])
  })

  it('returns to its place when a redo restores it; a client that does not hold it ignores the mark', () => {
    const kept = [withoutWords(entryOf('a')), entryOf('b')]
    const mark = { id: 'a', withdrawn: false, entry: entryOf('a') }
    expect(markEntries(kept, [mark], 'player')).toEqual([entryOf('a'), entryOf('b')])
    expect(markEntries([entryOf('b')], [mark], 'player')).toEqual([entryOf('b')])
  })

  it('follows the last mark, for both audiences', () => {
    const marks = fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), withdrawn: fc.boolean() }))
    fc.assert(
      fc.property(marks, (list) => {
        for (const audience of ['dm', 'player'] as const) {
          let entries = ['a', 'b'].map((id) => entryOf(id))
          for (const { id, withdrawn } of list)
            entries = markEntries(entries, [{ id, withdrawn, ...(withdrawn ? {} : { entry: entryOf(id) }) }], audience)
          const expected = ['a', 'b'].map((id) => {
            const now = entryOf(id, { withdrawn: list.findLast((mark) => mark.id === id)?.withdrawn ?? false })
            return audience === 'player' ? entryForPlayers(now) : now
          })
          expect(entries).toEqual(expected)
        }
      }),
    )
  })
})
