// The promises of a store, as tests that each database runs.
import type { NarrativeEntry, NarratorTurn } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import type { ArenaSessionRow } from './arena.ts'
import type { EntryAudience } from './entries.ts'
import type { PictureRow } from './pictures.ts'
import type { Store } from './store.ts'
import { campaignOf, entryOf } from './testing/rows.ts'

const at = '2026-01-01T00:00:00.000Z'

export function storeContract(open: () => Promise<Store>): void {
  const withRoom = async (store: Store, id: string) => {
    await store.write(async (tables) => {
      await tables.rooms.insert({ id, name: 'Room', activeCampaignId: null, createdAt: at })
      await tables.campaigns.insert(campaignOf(`${id}-c`, id))
    })
    return `${id}-c`
  }

  describe('the store', () => {
    it('keeps nothing of a transaction that failed', async () => {
      await using store = await open()
      const failing = store.write(async (tables) => {
        await tables.rooms.insert({ id: 'gone', name: 'Room', activeCampaignId: null, createdAt: at })
        await tables.streams.append('room:gone:dm', at, () => '{}')
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect(await store.read(({ rooms }) => rooms.get('gone'))).toBeNull()
      const next = await store.write(({ streams }) => streams.append('room:gone:dm', at, () => '{}'))
      expect(next.seq).toBe(1)
    })

    it('gives writers at the same time contiguous numbers, in the order of their commits', async () => {
      await using store = await open()
      const seqs: number[] = []
      await Promise.all(
        Array.from({ length: 40 }, async () => {
          const { seq } = await store.write(({ streams }) =>
            streams.append('room:busy:dm', at, ({ seq: mine }) => `{"seq":${mine}}`),
          )
          seqs.push(seq)
        }),
      )
      expect(seqs.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, place) => place + 1))
      const stored = await store.read(({ streams }) => streams.since('room:busy:dm', 0, 100))
      expect(stored.map(({ seq, text }) => [seq, text])).toEqual(
        seqs.toSorted((a, b) => a - b).map((seq) => [seq, `{"seq":${seq}}`]),
      )
    })

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

    it('prunes a stream by count and age, raises its floor and keeps its head', async () => {
      await using store = await open()
      for (let count = 0; count < 10; count++)
        await store.write(({ streams }) => streams.append('room:long:dm', at, () => '{}'))
      await store.write(({ streams }) =>
        streams.prune({ prefix: 'room:', before: '2020-01-01T00:00:00.000Z', keep: 4 }),
      )
      expect(await store.write(({ streams }) => streams.open('room:long:dm'))).toMatchObject({ head: 10, floor: 6 })
      expect((await store.read(({ streams }) => streams.since('room:long:dm', 0, 50))).map(({ seq }) => seq)).toEqual([
        7, 8, 9, 10,
      ])
      await store.write(({ streams }) =>
        streams.prune({ prefix: 'room:', before: '2030-01-01T00:00:00.000Z', keep: 100 }),
      )
      expect(await store.write(({ streams }) => streams.open('room:long:dm'))).toMatchObject({ head: 10, floor: 10 })
      expect((await store.write(({ streams }) => streams.append('room:long:dm', at, () => '{}'))).seq).toBe(11)
    })

    it('renews the epoch, so that no cursor from before means anything', async () => {
      await using store = await open()
      const before = await store.write(({ streams }) => streams.open('room:epoch:dm'))
      const after = await store.write(({ streams }) => streams.renew('room:epoch:dm'))
      expect(after.epoch).not.toBe(before.epoch)
    })

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

    it('keeps the fogs, strokes and walls of maps, and removes them with their campaign and picture', async () => {
      await using store = await open()
      const campaignId = await withRoom(store, 'maps')
      const fogOf = (mapId: string, version: number) => ({
        campaignId,
        mapId,
        version,
        key: 'ab'.repeat(32),
        bits: Uint8Array.from([0, 255, version]),
      })
      const strokeOf = (version: number, mapId = 'cave') => {
        return { campaignId, version, mapId, at: `2026-01-01T00:00:0${version}.000Z`, change: 'AAEB' }
      }
      await store.write(async ({ maps }) => {
        await maps.saveFog(fogOf('cave', 1))
        await maps.saveFog(fogOf('attic', 1))
        await maps.saveFog(fogOf('cave', 2))
        await maps.setKey(campaignId, 'attic', 'cd'.repeat(32))
        for (const stroke of [strokeOf(3), strokeOf(4), strokeOf(4, 'attic'), strokeOf(5)]) await maps.addStroke(stroke)
      })
      await store.read(async ({ maps }) => {
        expect(await maps.fog(campaignId, 'cave')).toEqual(fogOf('cave', 2))
        expect(await maps.fog(campaignId, 'none')).toBeNull()
        expect(await maps.fogs(campaignId)).toEqual([{ ...fogOf('attic', 1), key: 'cd'.repeat(32) }, fogOf('cave', 2)])
        expect(await maps.strokes(campaignId, 4)).toEqual([strokeOf(4, 'attic'), strokeOf(4)])
        expect(await maps.strokesAfter(campaignId, 'cave', 3)).toEqual([strokeOf(4), strokeOf(5)])
        expect(await maps.recentStrokes(campaignId, 'cave', strokeOf(4).at, 1)).toEqual([strokeOf(5)])
        expect(await maps.recentStrokes(campaignId, 'cave', strokeOf(4).at, 9)).toEqual([strokeOf(5), strokeOf(4)])
      })
      await expect(store.write(({ maps }) => maps.addStroke(strokeOf(5)))).rejects.toThrow()
      const picture = { id: 'plan', hash: 'h', width: 1, height: 1, thumbhash: '', bytes: 1, tileLevels: 2 }
      await store.write(async ({ maps, pictures }) => {
        await pictures.insert('maps', { ...picture, uploadedBy: 'u', createdAt: at, unusedSince: null })
        await maps.saveWalls('maps', 'plan', '{}')
        await maps.saveWalls('maps', 'plan', '{"walls":[]}')
      })
      await store.read(async ({ maps, pictures }) => {
        expect(await pictures.find('maps', ['plan'])).toMatchObject([{ tileLevels: 2 }])
        expect(await maps.walls('maps', 'plan')).toBe('{"walls":[]}')
        expect(await maps.walls('another', 'plan')).toBeNull()
      })
      await store.write(({ pictures }) => pictures.remove('maps', ['plan']))
      expect(await store.read(({ maps }) => maps.walls('maps', 'plan'))).toBeNull()
      await store.write(({ campaigns }) => campaigns.setDeleted(campaignId, at))
      await store.write(({ campaigns }) => campaigns.giveUpDeleted('9999'))
      expect(await store.write(({ campaigns }) => campaigns.discardArriving(campaignId))).toBe(true)
      expect(await store.read(({ maps }) => maps.fogs(campaignId))).toEqual([])
      expect(await store.read(({ maps }) => maps.strokes(campaignId, 4))).toEqual([])
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

    it('keeps the pictures of a room, and counts their bytes', async () => {
      await using store = await open()
      await withRoom(store, 'gallery')
      await withRoom(store, 'another')
      const rowOf = (id: string, more: Partial<PictureRow> = {}): PictureRow => ({
        id,
        hash: id.padEnd(64, '0'),
        width: 640,
        height: 480,
        thumbhash: 'YTkGJwaRhWUIt4lbgnhZl3ath2BUBGYA',
        bytes: 1_500_000_000,
        uploadedBy: 'u',
        createdAt: `2026-01-01T00:00:0${id.length}.000Z`,
        unusedSince: null,
        tileLevels: null,
        ...more,
      })
      const shared = rowOf('b', { createdAt: at })
      const rows = [rowOf('ccc', { unusedSince: at }), rowOf('aa'), shared]
      await store.write(async ({ pictures }) => {
        for (const row of rows) await pictures.insert('gallery', row)
        await pictures.insert('another', { ...shared, uploadedBy: 'v' })
      })
      const hash = shared.hash
      await store.read(async ({ pictures }) => {
        expect(await pictures.list('gallery')).toEqual(rows.toReversed())
        expect(await pictures.find('gallery', ['aa', 'none'])).toEqual([rowOf('aa')])
        expect(await pictures.find('another', ['aa'])).toEqual([])
        // More than an integer of 32 bits holds.
        expect(await pictures.usedBytes('gallery')).toBe(4_500_000_000)
        expect(await pictures.usedBytes('none')).toBe(0)
        expect(await pictures.findUploaded('gallery', hash, 'u')).toEqual(shared)
        expect(await pictures.findUploaded('gallery', hash, 'v')).toBeNull()
        expect(await pictures.hashesInUse([hash, rowOf('aa').hash, 'f'.repeat(64)])).toHaveLength(2)
      })
      const size = { width: 640, height: 480 }
      const member = { userId: 'v', name: 'V', joinedAt: at }
      await store.write(async ({ rooms, pictures }) => {
        await pictures.insert('another', rowOf('map', { tileLevels: 2 }))
        await rooms.putMember('gallery', { ...member, role: 'player' })
        await rooms.putMember('another', { ...member, role: 'dm' })
      })
      const ofDm = (like: { width: number; height: number }, isOfMap = false, userId = 'v') =>
        store.read(({ pictures }) => pictures.ofDm(userId, { ...like, isOfMap }, 9))
      expect(await ofDm(size)).toEqual([{ ...shared, uploadedBy: 'v', roomId: 'another' }])
      expect((await ofDm(size, true)).map(({ id, roomId }) => [id, roomId])).toEqual([['map', 'another']])
      expect(await ofDm({ width: 480, height: 640 })).toEqual([])
      expect(await ofDm(size, false, 'u')).toEqual([])
      await store.write(({ pictures }) => pictures.remove('another', ['map']))
      await expect(
        store.write(({ pictures }) => pictures.insert('gallery', { ...shared, id: 'twice' })),
      ).rejects.toThrow()
      await store.write(async ({ pictures }) => {
        await pictures.markUnused('gallery', ['aa', 'b'], at)
        await pictures.markUnused('gallery', ['ccc'], null)
        await pictures.remove('gallery', ['b', 'none'])
      })
      await store.read(async ({ pictures }) => {
        expect((await pictures.list('gallery')).map(({ id, unusedSince }) => [id, unusedSince])).toEqual([
          ['aa', at],
          ['ccc', null],
        ])
        expect(await pictures.hashesInUse([hash])).toEqual([hash])
        expect(await pictures.list('another')).toHaveLength(1)
      })
    })

    it('keeps the content of pictures in chunks, once for each hash and variant', async () => {
      await using store = await open()
      const [hash, other] = ['a'.repeat(64), 'b'.repeat(64)]
      const content = Buffer.alloc(600_000, 'x')
      const put = (row: { hash: string; variant: string }, bytes: Uint8Array, putAt = at) =>
        store.write(({ mediaFiles }) => mediaFiles.put({ ...row, putAt }, bytes))
      await put({ hash, variant: '640' }, content)
      await put({ hash, variant: '96' }, content.subarray(0, 10))
      await put({ hash: other, variant: '96' }, content.subarray(0, 5))
      await put({ hash, variant: '640' }, content, '2026-02-01T00:00:00.000Z')
      await store.read(async ({ mediaFiles }) => {
        expect(await mediaFiles.size(hash, '640')).toBe(600_000)
        expect(await mediaFiles.size(other, '640')).toBeNull()
        const lengths: unknown[] = []
        for (let place = 0; place < 4; place++)
          lengths.push((await mediaFiles.chunk(hash, '640', place))?.byteLength ?? null)
        expect(lengths).toEqual([262_144, 262_144, 75_712, null])
        expect(await mediaFiles.usedBytes()).toBe(600_015)
        const first = await mediaFiles.page(null, 2)
        expect(first).toEqual([
          { hash, variant: '640', bytes: 600_000, putAt: '2026-02-01T00:00:00.000Z' },
          { hash, variant: '96', bytes: 10, putAt: at },
        ])
        expect(await mediaFiles.page(first[1] ?? null, 2)).toEqual([
          { hash: other, variant: '96', bytes: 5, putAt: at },
        ])
      })
      await store.write(({ mediaFiles }) => mediaFiles.remove(hash))
      await store.read(async ({ mediaFiles }) => {
        expect(await mediaFiles.usedBytes()).toBe(5)
        expect(await mediaFiles.chunk(hash, '640', 0)).toBeNull()
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

    it('keeps one invite a role, finds it by code, and a member once', async () => {
      await using store = await open()
      await withRoom(store, 'members')
      await store.write(async ({ rooms }) => {
        await rooms.putInvite('members', { role: 'player', code: 'code-1' })
        await rooms.putInvite('members', { role: 'player', code: 'code-2' })
        await rooms.putMember('members', { userId: 'u', name: 'U', role: 'player', joinedAt: at })
        await rooms.putMember('members', { userId: 'u', name: 'U2', role: 'dm', joinedAt: at })
      })
      const { rooms } = await store.read(async (tables) => ({
        rooms: {
          old: await tables.rooms.findInvite('code-1'),
          fresh: await tables.rooms.findInvite('code-2'),
          members: await tables.rooms.members('members'),
          mine: await tables.rooms.listFor('u'),
          ids: await tables.rooms.idsFor('u'),
        },
      }))
      expect(rooms.old).toBeNull()
      expect(rooms.fresh).toMatchObject({ roomId: 'members', role: 'player', uses: 0, maxUses: null, expiresAt: null })
      expect(rooms.members).toMatchObject([{ name: 'U2', role: 'dm' }])
      expect(rooms.mine).toMatchObject([{ role: 'dm', room: { id: 'members' } }])
      expect(rooms.ids).toEqual(['members'])
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

    it('keeps arena sessions as they were put, running ones first, and names the surplus of ended ones', async () => {
      await using store = await open()
      const row = (id: string, status: 'running' | 'ended', updatedAt: string): ArenaSessionRow => ({
        id,
        status,
        ownerId: null,
        options: { rounds: 3 },
        createdAt: at,
        updatedAt,
        endedAt: status === 'ended' ? at : null,
        round: 2,
        phase: 'debate',
        waiting: true,
        lastNews: 'n',
        news: [{ id: 'a', content: '“quoted”' }],
        engineId: 'e',
        engineSeq: 7,
        firstSeq: 3,
      })
      const rows = [
        row('old', 'ended', '2026-01-01'),
        row('new', 'ended', '2026-01-03'),
        row('on', 'running', '2026-01-02'),
      ]
      await store.write(async ({ arena }) => {
        for (const one of rows) await arena.put({ ...one, round: 0 })
        for (const one of rows) await arena.put(one)
      })
      await store.read(async ({ arena }) => {
        expect(await arena.get('new')).toEqual(rows[1])
        expect((await arena.list(2)).map(({ id }) => id)).toEqual(['on', 'new'])
        expect((await arena.running()).map(({ id }) => id)).toEqual(['on'])
        expect(await arena.surplus(1)).toEqual(['old'])
      })
      await store.write(({ arena }) => arena.remove('old'))
      expect(await store.read(({ arena }) => arena.get('old'))).toBeNull()
    })

    it('clears a stream and goes on counting; prunes only what the prefix names', async () => {
      await using store = await open()
      await store.write(async ({ streams }) => {
        for (const id of ['arena:a', 'room:a:dm']) for (let n = 0; n < 3; n++) await streams.append(id, at, () => '{}')
      })
      const gone = await store.write(({ streams }) => streams.prune({ prefix: 'room:', before: '2027', keep: 1 }))
      expect(gone).toBe(3)
      const cleared = await store.write(({ streams }) => streams.clear('arena:a'))
      expect(cleared).toMatchObject({ head: 3, floor: 3 })
      expect((await store.write(({ streams }) => streams.append('arena:a', at, () => '{}'))).seq).toBe(4)
      const heads = await store.read(({ streams }) => streams.heads(['arena:a', 'none']))
      expect(heads).toEqual([{ id: 'arena:a', head: 4, floor: 3 }])
      await store.write(({ streams }) => streams.remove('arena:a'))
      expect(await store.read(({ streams }) => streams.find('arena:a'))).toBeNull()
    })

    it('opens many streams at once: those that exist as they are, and the others once', async () => {
      await using store = await open()
      const first = await store.write(({ streams }) => streams.append('room:many:dm', at, () => '{}'))
      const ids = ['room:many:player', 'room:many:dm', 'room:many:player']
      const both = await Promise.all([1, 2].map(() => store.write(({ streams }) => streams.openAll(ids))))
      for (const opened of both) {
        expect(opened.get('room:many:dm')).toMatchObject({ epoch: first.epoch, head: 1 })
        expect(opened.get('room:many:player')).toEqual(both[0]?.get('room:many:player'))
        expect(opened.size).toBe(2)
      }
      expect(await store.read(({ streams }) => streams.find('room:many:player'))).toEqual(
        both[0]?.get('room:many:player'),
      )
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

    it('locks the room that an invite leads to, and none for a code that leads nowhere', async () => {
      await using store = await open()
      await withRoom(store, 'invited')
      await store.write(({ rooms }) => rooms.putInvite('invited', { role: 'player', code: 'in' }))
      const rooms = await store.write(async (tables) => [
        await tables.rooms.lockInvitedTo('in'),
        await tables.rooms.lockInvitedTo('out'),
      ])
      expect(rooms).toMatchObject([{ id: 'invited', access: 0 }, null])
    })

    it('has each topic once, and keys by their owner', async () => {
      await using store = await open()
      const topic = (name: string) => ({ name, ownerId: null, createdAt: at })
      const key = (id: string, ownerId: string, createdAt: string) => ({
        id,
        ownerId,
        name: 'n',
        hash: 'h',
        rights: [{ topic: 'a.*', publish: true, subscribe: false }],
        createdAt,
        revokedAt: null,
      })
      await store.write(async ({ topics, apiKeys }) => {
        expect([
          await topics.insert(topic('b')),
          await topics.insert(topic('a')),
          await topics.insert(topic('b')),
        ]).toEqual([true, true, false])
        expect([await topics.remove('none'), await topics.count()]).toEqual([false, 2])
        await apiKeys.insert(key('k1', 'u', '2026-01-01'))
        await apiKeys.insert(key('k2', 'u', '2026-01-02'))
        await apiKeys.insert(key('k3', 'other', '2026-01-03'))
        await apiKeys.revoke('k1', at)
      })
      await store.read(async ({ topics, apiKeys }) => {
        expect((await topics.list()).map(({ name }) => name)).toEqual(['a', 'b'])
        expect(await apiKeys.listFor('u')).toEqual([
          key('k2', 'u', '2026-01-02'),
          { ...key('k1', 'u', '2026-01-01'), revokedAt: at },
        ])
        expect(await apiKeys.get('none')).toBeNull()
        expect((await apiKeys.list()).map(({ id }) => id)).toEqual(['k3', 'k2', 'k1'])
        expect(await apiKeys.revokedOf(['k1', 'k2', 'none'])).toEqual(['k1'])
        expect(await apiKeys.revokedOf([])).toEqual([])
      })
    })

    it('has links for screens by the hash of their token, and notes their use now and then', async () => {
      await using store = await open()
      await store.write(({ rooms }) =>
        rooms.insert({ id: 'watched', name: 'W', activeCampaignId: null, createdAt: at }),
      )
      const link = (id: string, createdAt: string) => ({
        id,
        roomId: 'watched',
        hash: `hash of ${id}`,
        kind: 'tv' as const,
        name: 'Living room',
        createdBy: 'Dee',
        createdAt,
      })
      await store.write(async ({ screens }) => {
        await screens.insert(link('s1', '2026-01-01'))
        await screens.insert(link('s2', '2026-01-02'))
        await screens.use('s1', '2026-01-03', '2026-01-02')
        await screens.use('s1', '2026-01-04', '2026-01-02')
        await screens.setShow('watched', 'black')
      })
      await store.read(async ({ screens }) => {
        expect((await screens.list('watched')).map(({ id }) => id)).toEqual(['s2', 's1'])
        expect(await screens.count('watched')).toBe(2)
        expect(await screens.find('hash of s1')).toEqual({ ...link('s1', '2026-01-01'), lastUsedAt: '2026-01-03' })
        expect(await screens.find('hash of none')).toBeNull()
        expect([await screens.get('elsewhere', 's1'), await screens.list('elsewhere')]).toEqual([null, []])
        expect([await screens.show('watched'), await screens.show('elsewhere')]).toEqual(['black', 'auto'])
      })
      await store.write(async ({ screens }) => {
        await screens.remove('elsewhere', 's1')
        await screens.remove('watched', 's1')
      })
      expect(await store.read(({ screens }) => screens.find('hash of s1'))).toBeNull()
    })

    it('the pictures of rooms are counted, the largest rooms first', async () => {
      await using store = await open()
      const row = (id: string, bytes: number, unusedSince: string | null) => ({
        id,
        hash: 'h',
        width: 1,
        height: 1,
        thumbhash: '',
        bytes,
        uploadedBy: id,
        createdAt: '',
        unusedSince,
        tileLevels: null,
      })
      await store.write(async ({ rooms, pictures }) => {
        for (const id of ['a', 'b', 'none'])
          await rooms.insert({ id, name: `Room ${id}`, activeCampaignId: null, createdAt: '' })
        await pictures.insert('a', row('1', 10, null))
        await pictures.insert('b', row('2', 2_000_000_000, '2026'))
        await pictures.insert('b', row('3', 2_000_000_000, null))
      })
      expect(await store.read(({ pictures }) => pictures.totals())).toEqual([
        { roomId: 'b', name: 'Room b', pictures: 2, bytes: 4_000_000_000, unused: 1 },
        { roomId: 'a', name: 'Room a', pictures: 1, bytes: 10, unused: 0 },
      ])
    })

    it('a lease is found by the beginning of its name, until it ends', async () => {
      await using store = await open()
      const isHeld = (prefix: string) => store.read(({ leases }) => leases.isHeld(prefix))
      await store.write(({ leases }) => leases.take('kept:1', 'a', 60_000))
      expect([await isHeld('kept:'), await isHeld('other:')]).toEqual([true, false])
      await store.write(({ leases }) => leases.release('kept:1', 'a'))
      expect(await isHeld('kept:')).toBe(false)
      await store.write(({ leases }) => leases.take('kept:2', 'a', -1_000))
      expect(await isHeld('kept:')).toBe(false)
    })

    it('a lease has one holder, until it is released or not renewed', async () => {
      await using store = await open()
      const take = (holder: string, ttlMs: number) => store.write(({ leases }) => leases.take('writer', holder, ttlMs))
      expect(await take('a', 60_000)).toBe(true)
      expect(await take('b', 60_000)).toBe(false)
      expect(await take('a', 1)).toBe(true)
      await expect.poll(() => take('b', 60_000)).toBe(true)
      expect(await take('a', 60_000)).toBe(false)
      await store.write(({ leases }) => leases.release('writer', 'a'))
      expect(await take('a', 60_000)).toBe(false)
      await store.write(({ leases }) => leases.release('writer', 'b'))
      expect(await take('a', 60_000)).toBe(true)
    })

    it('keeps the narrator’s turn, tokens and summaries; a summary of what was taken back is forgotten', async () => {
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
