// The tests of pictures and maps, which hold on both databases.
import { describe, expect, it } from 'vitest'
import type { PictureRow } from './pictures.ts'
import type { Store } from './store.ts'
import { at, withRoom } from './testing/rows.ts'

export function picturesContract(open: () => Promise<Store>): void {
  describe('the pictures of the store', () => {
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
  })
}
