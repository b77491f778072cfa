// The tests of campaigns and of what belongs to them, which hold on both databases.
import type { NarratorTurn } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import type { Store } from './store.ts'
import { at, entryOf, withRoom } from './testing/rows.ts'

export function campaignsContract(open: () => Promise<Store>): void {
  describe('the campaigns of the store', () => {
    it('shows a campaign that arrives only when all of it is there, and drops one that did not', async () => {
      await using store = await open()
      const row = (id: string) => ({
        id,
        roomId: 'arriving',
        name: id,
        archived: false,
        state: {} as never,
        version: 0,
        undoHead: null,
        redoHead: null,
        createdAt: '2026-01-01T00:00:00.000Z',
        updatedAt: '2026-01-01T00:00:00.000Z',
      })
      await store.write(async ({ rooms, campaigns, entries }) => {
        await rooms.insert({ id: 'arriving', name: 'R', activeCampaignId: null, createdAt: '' })
        for (const id of ['lost', 'kept']) {
          await campaigns.insertArriving(row(id))
          await entries.append(
            id,
            Array.from({ length: 1_500 }, (_, n) => entryOf(`e${n}`)),
          )
        }
      })
      const seen = () =>
        store.read(async ({ campaigns }) => [
          (await campaigns.list('arriving')).map(({ id, archived }) => ({ id, archived })),
          await campaigns.get('lost'),
        ])
      expect(await seen()).toEqual([[], null])
      await store.write(({ campaigns }) => campaigns.arrived('kept', '2026-01-02T00:00:00.000Z'))
      expect(await seen()).toEqual([[{ id: 'kept', archived: false }], null])
      const before = (at: string) => store.read(({ campaigns }) => campaigns.arrivingBefore(at))
      expect(await before('2026-01-01T00:00:00.000Z')).toEqual([])
      expect(await before('2026-01-01T00:00:00.001Z')).toEqual(['lost'])
      const discard = (id: string) => store.write(({ campaigns }) => campaigns.discardArriving(id))
      expect([await discard('lost'), await discard('lost'), await discard('lost')]).toEqual([false, true, true])
      // One that has arrived is never dropped.
      expect(await discard('kept')).toBe(true)
      await store.read(async ({ entries }) => {
        expect((await entries.page('kept', 'dm', { limit: 1 })).entries.map(({ id }) => id)).toEqual(['e1499'])
        expect((await entries.page('lost', 'dm', { limit: 1 })).entries).toEqual([])
      })
    })

    it('hides a deleted campaign, restores it as it was, and gives it up after a time', async () => {
      await using store = await open()
      const campaignId = await withRoom(store, 'deleted')
      await store.write(({ entries }) => entries.append(campaignId, [entryOf('x')]))
      const row = await store.read(({ campaigns }) => campaigns.get(campaignId))
      const roomId = row?.roomId ?? ''
      const deletedAt = '2026-02-01T00:00:00.000Z'
      await store.write(({ campaigns }) => campaigns.setDeleted(campaignId, deletedAt))
      const seen = () =>
        store.read(async ({ campaigns }) => ({
          got: await campaigns.get(campaignId),
          found: (await campaigns.find(campaignId))?.deletedAt,
          listed: (await campaigns.list(roomId)).map(({ id }) => id),
          deleted: (await campaigns.list(roomId, { deleted: true })).map(({ id }) => id),
          ids: await campaigns.ids(roomId),
        }))
      expect(await seen()).toEqual({
        got: null,
        found: deletedAt,
        listed: [],
        deleted: [campaignId],
        ids: [campaignId],
      })
      await store.write(({ campaigns }) => campaigns.setDeleted(campaignId, null))
      expect(await seen()).toEqual({ got: row, found: null, listed: [campaignId], deleted: [], ids: [campaignId] })
      await store.write(({ campaigns }) => campaigns.setDeleted(campaignId, deletedAt))
      const giveUp = (before: string) => store.write(({ campaigns }) => campaigns.giveUpDeleted(before))
      expect(await giveUp(deletedAt)).toEqual([])
      expect(await giveUp('2026-02-01T00:00:00.001Z')).toEqual([campaignId])
      expect(await seen()).toEqual({ got: null, found: undefined, listed: [], deleted: [], ids: [] })
      expect(await store.write(({ campaigns }) => campaigns.discardArriving(campaignId))).toBe(true)
      expect((await store.read(({ entries }) => entries.find(campaignId, ['x']))).length).toBe(0)
    })

    it('copies entries in their order, with their marks, and pages', async () => {
      await using store = await open()
      const [from, to] = [await withRoom(store, 'source'), await withRoom(store, 'copy')]
      const page = { id: 'p', title: 'T', depth: 1, text: 'Text' }
      await store.write(async ({ entries, pages, campaigns }) => {
        await entries.append(from, [entryOf('b'), entryOf('a', 'dm'), entryOf('c')])
        await entries.setWithdrawn(from, ['c'], true, 'Ann')
        await pages.insert(from, [page])
        await campaigns.copyContents(from, to, { withEntries: true })
      })
      await store.read(async ({ entries, pages, campaigns }) => {
        const read = async (id: string) => (await entries.page(id, 'dm', { limit: 9 })).entries
        expect(await read(to)).toEqual(await read(from))
        expect((await read(to)).map(({ id, withdrawn }) => [id, withdrawn])).toEqual([
          ['b', false],
          ['a', false],
          ['c', true],
        ])
        expect(await pages.all(to)).toEqual([page])
        const roomId = (await campaigns.get(to))?.roomId ?? ''
        expect(await campaigns.list(roomId)).toMatchObject([{ id: to, entries: 3, pages: 1, origin: null }])
      })
    })

    it('keeps the pages of an adventure in their order, lists them without their texts, and reads one', async () => {
      await using store = await open()
      const campaignId = await withRoom(store, 'adventure')
      const pages = Array.from({ length: 120 }, (_, place) => ({
        id: `p${120 - place}`,
        title: `Chapter ${place}`,
        depth: 1 + (place % 3),
        text: 'ü'.repeat(place),
      }))
      await store.write((tables) => tables.pages.insert(campaignId, pages))
      await store.read(async (tables) => {
        expect(await tables.pages.all(campaignId)).toEqual(pages)
        expect(await tables.pages.list(campaignId)).toEqual(
          pages.map(({ text, ...page }) => ({ ...page, bytes: text.length * 2 })),
        )
        expect(await tables.pages.get(campaignId, 'p1')).toEqual(pages[119])
        expect(await tables.pages.get(campaignId, 'none')).toBeNull()
        expect(await tables.pages.get('another', 'p1')).toBeNull()
        expect(await tables.pages.list('another')).toEqual([])
      })
    })

    it('keeps the stat blocks of a room, and lists them without their texts', async () => {
      await using store = await open()
      await withRoom(store, 'beasts')
      const block = (n: number) => ({
        id: `b${String(n).padStart(3, '0')}`,
        heading: `{"n":${n}}`,
        hash: `h${n}`,
        text: 'ü'.repeat(n),
      })
      const blocks = Array.from({ length: 120 }, (_, n) => block(n))
      await store.write(({ statBlocks }) => statBlocks.put('beasts', blocks.toReversed(), at))
      const changed = { ...block(7), hash: 'new', text: 'new' }
      await store.write(({ statBlocks }) => statBlocks.put('beasts', [changed], at))
      await store.read(async ({ statBlocks }) => {
        const stored = blocks.map((one) => (one.id === changed.id ? changed : one))
        expect(await statBlocks.list('beasts')).toEqual(
          stored.map(({ text, ...heading }) => ({ ...heading, bytes: Buffer.byteLength(text) })),
        )
        const ids = stored.map(({ id }) => id)
        const found = await statBlocks.find('beasts', [...ids, 'none'])
        expect(found.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(stored)
        expect(await statBlocks.find('another', ids)).toEqual([])
        expect(await statBlocks.count('beasts')).toBe(120)
      })
      expect(await store.write(({ statBlocks }) => statBlocks.remove('beasts', ['b000', 'b119', 'none']))).toBe(2)
      expect(await store.read(({ statBlocks }) => statBlocks.count('beasts'))).toBe(118)
    })

    it('has another fingerprint of the stat blocks after each change of them, and the same one otherwise', async () => {
      await using store = await open()
      await withRoom(store, 'beasts')
      await withRoom(store, 'others')
      const seen: string[] = []
      const look = async () => {
        const again = () => store.read(({ statBlocks }) => statBlocks.fingerprint('beasts'))
        seen.push(await again())
        expect(await again()).toBe(seen.at(-1))
      }
      const block = (id: string, digit: string) => ({ id, heading: '{}', hash: digit.repeat(64), text: '{}' })
      await look()
      await store.write(({ statBlocks }) => statBlocks.put('beasts', [block('b', 'b'), block('a', 'a')], at))
      await look()
      await store.write(({ statBlocks }) => statBlocks.put('beasts', [block('a', 'c')], at))
      await look()
      await store.write(({ statBlocks }) => statBlocks.put('beasts', [block('a', 'b'), block('b', 'c')], at))
      await look()
      await store.write(({ statBlocks }) => statBlocks.remove('beasts', ['b']))
      await look()
      expect(new Set(seen).size).toBe(seen.length)
      const before = seen.at(-1)
      await store.write(({ statBlocks }) => statBlocks.put('others', [block('x', 'd')], at))
      await store.write(({ statBlocks }) => statBlocks.put('beasts', [block('a', 'b')], at))
      await look()
      expect(seen.at(-1)).toBe(before)
    })

    it('keeps the encounters of a campaign, and saves one only over its previous version', async () => {
      await using store = await open()
      const campaignId = await withRoom(store, 'fights')
      const row = { id: 'e', name: 'Ambush', text: '{}', version: 1, createdAt: at, updatedAt: at }
      await store.write(({ encounters }) => encounters.insert(campaignId, row))
      const later = '2026-01-02T00:00:00.000Z'
      const save = (version: number, name: string) =>
        store.write(({ encounters }) => encounters.save(campaignId, { ...row, name, version, updatedAt: later }))
      expect(await save(2, 'First')).toBe(true)
      expect(await save(2, 'Second')).toBe(false)
      const expected = { ...row, name: 'First', version: 2, updatedAt: later }
      await store.read(async ({ encounters }) => {
        expect(await encounters.get(campaignId, 'e')).toEqual(expected)
        expect(await encounters.list(campaignId)).toEqual([expected])
        expect(await encounters.count(campaignId)).toBe(1)
        expect(await encounters.get('another', 'e')).toBeNull()
      })
      const remove = () => store.write(({ encounters }) => encounters.remove(campaignId, 'e'))
      expect([await remove(), await remove()]).toEqual([true, false])
    })

    it('gives back a journal row and an answer as they were', async () => {
      await using store = await open()
      const campaignId = await withRoom(store, 'journal')
      const row = {
        campaignId,
        version: 1,
        at,
        actorId: 'u',
        kind: 'change',
        patch: { scene: 's' },
        inverse: { scene: '' },
        entryIds: ['e'],
        target: null,
        previousUndo: null,
        previousRedo: null,
        operation: null,
        applied: null,
      } as const
      await store.write(async ({ journal, answers }) => {
        await journal.append({ ...row, entryIds: [...row.entryIds] })
        const asked = { userId: 'u', key: 'k', procedure: 'p', inputHash: 'h', at }
        expect(await answers.reserve(asked)).toBe(true)
        expect(await answers.reserve(asked)).toBe(false)
        await answers.fill('u', 'k', { seq: 3 })
      })
      expect(await store.read(({ journal }) => journal.get(campaignId, 1))).toEqual(row)
      expect(await store.read(({ journal }) => journal.since(campaignId, 0, 9))).toEqual([row])
      expect(await store.read(({ answers }) => answers.find('u', 'k'))).toEqual({
        procedure: 'p',
        inputHash: 'h',
        answer: { seq: 3 },
      })
      expect(await store.read(({ answers }) => answers.find('u', 'other'))).toBeNull()
    })

    it('keeps the narrator’s turn, tokens and summaries, and forgets a summary once an entry in it was taken back', async () => {
      await using store = await open()
      const id = await withRoom(store, 'r')
      const turn = { id: 't-1', campaignId: id, text: 'half' } as NarratorTurn
      await store.write(async ({ narrator, entries }) => {
        expect(await narrator.room('r')).toEqual({ mode: null, recentMs: [] })
        await narrator.putRoom('r', { mode: 'draft', recentMs: [5] })
        await narrator.putTurn('r', turn, 1)
        await narrator.putTurn('r', { ...turn, text: 'whole' }, 2)
        await narrator.removeTurn('r', 'another')
        await narrator.addUsage('r', '2026-01-01', 5)
        await narrator.addUsage('r', '2026-01-01', 7)
        await entries.append(id, [
          ...['a', 'b', 'c'].map((name) => entryOf(name)),
          entryOf('secret', 'dm'),
          entryOf('d'),
        ])
        await entries.setWithdrawn(id, ['b'], true)
      })
      const kept = await store.read(async ({ narrator }) => ({
        room: await narrator.room('r'),
        turn: await narrator.turn('r'),
        usage: [await narrator.usage('r', '2026-01-01'), await narrator.usage('r', '2026-01-02')],
        shown: await narrator.shownAfter(id, 0, 9),
        before: await narrator.positionBefore(id, 99),
      }))
      expect(kept).toMatchObject({
        room: { mode: 'draft', recentMs: [5] },
        turn: { turn: { text: 'whole' }, touchedMs: 2 },
        usage: [12, 0],
        before: 0,
      })
      expect(kept.shown.map(({ entry }) => entry.id)).toEqual(['a', 'c', 'd'])
      const upTo = kept.shown[1]?.position ?? 0
      expect(
        (await store.read(({ narrator }) => narrator.shownAfter(id, upTo, 9))).map(({ entry }) => entry.id),
      ).toEqual(['d'])
      const summary = async () => (await store.read(({ narrator }) => narrator.summary(id)))?.text ?? null
      await store.write(({ narrator }) => narrator.putSummary(id, { text: 'They came.', upTo }))
      await store.write(({ narrator }) => narrator.forgetSummary(id, ['d']))
      await store.write(({ narrator }) => narrator.forgetSummary(id, []))
      expect(await summary()).toBe('They came.')
      await store.write(({ narrator }) => narrator.forgetSummary(id, ['d', 'c']))
      expect(await summary()).toBeNull()
      await store.write(({ narrator }) => narrator.removeTurn('r', 't-1'))
      expect(await store.read(({ narrator }) => narrator.turn('r'))).toBeNull()
    })
  })
}
