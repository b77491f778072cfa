// The tests of the story's entries, which hold on both databases.
import type { NarrativeEntry } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import type { EntryAudience } from './entries.ts'
import type { Store } from './store.ts'
import { entryOf, withRoom } from './testing/rows.ts'

export function entriesContract(open: () => Promise<Store>): void {
  describe('the entries of the store', () => {
    it('pages entries by audience, and players’ pages tell nothing of what is in between', async () => {
      await using store = await open()
      const campaignId = await withRoom(store, 'pages')
      const all = Array.from({ length: 30 }, (_, place) => entryOf(`e${place}`, place % 3 === 0 ? 'dm' : 'all'))
      await store.write(({ entries }) => entries.append(campaignId, all))
      const page = (audience: 'dm' | 'player', before?: string) =>
        store.read(({ entries }) => entries.page(campaignId, audience, { before, limit: 8 }))
      const read: string[] = []
      for (let before: string | undefined; ;) {
        const { entries, more } = await page('player', before)
        read.unshift(...entries.map(({ id }) => id))
        before = entries[0]?.id
        if (!more) break
      }
      expect(read).toEqual(all.filter(({ audience }) => audience === 'all').map(({ id }) => id))
      expect((await page('dm')).entries.map(({ id }) => id)).toEqual(all.slice(-8).map(({ id }) => id))
      // A DM's entry is no place for a player to begin from.
      expect((await page('player', 'e27')).entries).toEqual([])
    })

    it('withdraws entries and tells who could see them', async () => {
      await using store = await open()
      const campaignId = await withRoom(store, 'withdraw')
      await store.write(({ entries }) => entries.append(campaignId, [entryOf('x'), entryOf('y', 'dm')]))
      const touched = await store.write(({ entries }) => entries.setWithdrawn(campaignId, ['x', 'y'], true))
      expect(touched.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
        { id: 'x', audience: 'all', memberId: null },
        { id: 'y', audience: 'dm', memberId: null },
      ])
      const { entries } = await store.read((tables) => tables.entries.page(campaignId, 'player', { limit: 5 }))
      expect(entries).toMatchObject([{ id: 'x', withdrawn: true }])
    })

    it('gives the words of a withdrawn entry to DMs alone, and to players again after it is restored', async () => {
      await using store = await open()
      const campaignId = await withRoom(store, 'words')
      const whisper = { ...entryOf('w'), audience: 'member' as const, member: { id: 'u', name: 'U' } }
      const stored = [{ ...entryOf('x'), text: 'the words' }, { ...whisper, text: 'the whisper' }, entryOf('y')]
      await store.write(async ({ entries }) => {
        await entries.append(campaignId, stored)
        await entries.setWithdrawn(campaignId, ['x', 'w'], true)
      })
      const read = (audience: EntryAudience) =>
        store.read(async ({ entries }) => JSON.stringify(await entries.page(campaignId, audience, { limit: 5 })))
      expect(await read('dm')).toContain('the words')
      expect(await read('dm')).toContain('the whisper')
      for (const audience of ['player', { memberId: 'u' }] as const) expect(await read(audience)).not.toContain('the w')
      const found = await store.read(({ entries }) => entries.find(campaignId, ['x', 'y', 'none']))
      expect(found).toEqual([{ ...stored[0], withdrawn: true }, stored[2]])
      await store.write(({ entries }) => entries.setWithdrawn(campaignId, ['x', 'w'], false))
      expect(await read('player')).toContain('the words')
      expect(await read({ memberId: 'u' })).toContain('the whisper')
    })

    it('tells DMs alone who withdrew an entry, and nobody once it is restored', async () => {
      await using store = await open()
      const campaignId = await withRoom(store, 'by')
      await store.write(({ entries }) => entries.append(campaignId, [entryOf('x'), entryOf('y')]))
      const read = async (audience: EntryAudience) =>
        (await store.read(({ entries }) => entries.page(campaignId, audience, { limit: 5 }))).entries
      await store.write(({ entries }) => entries.setWithdrawn(campaignId, ['x'], true, 'Ann'))
      expect(await read('dm')).toEqual([{ ...entryOf('x'), withdrawn: true, takenBackBy: 'Ann' }, entryOf('y')])
      expect(JSON.stringify(await read('player'))).not.toContain('Ann')
      await store.write(({ entries }) => entries.setWithdrawn(campaignId, ['x'], false, 'Ben'))
      for (const audience of ['dm', 'player'] as const)
        expect(await read(audience)).toEqual([entryOf('x'), entryOf('y')])
    })

    it('names the members who have whispers in a campaign, and no others', async () => {
      await using store = await open()
      const campaignId = await withRoom(store, 'whispers')
      const otherId = await withRoom(store, 'whispers-2')
      const whisperTo = (id: string, member: string): NarrativeEntry => ({
        ...entryOf(id, 'member'),
        member: { id: member, name: member },
      })
      await store.write(async ({ entries }) => {
        await entries.append(campaignId, [whisperTo('w1', 'ann'), whisperTo('w2', 'ann'), whisperTo('w3', 'bob')])
        await entries.append(otherId, [whisperTo('w4', 'cid'), entryOf('all')])
      })
      const found = await store.read(({ entries }) => entries.membersWithWhispers(campaignId, ['ann', 'cid', 'dee']))
      expect([...found]).toEqual(['ann'])
    })
  })
}
