// The promises of the market's repositories, as tests that each database runs.
import type { FullCandle, MarketAgent, Sector } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import type { Repositories, Store } from '../store.ts'
import type { DiscussionRow } from './discussions.ts'

const at = '2026-01-01T00:00:00.000Z'
const stamps = { version: 1, createdAt: at, updatedAt: at }
const sector = (id: string, name = id): Sector => ({ id, name, description: '', value: 100, ...stamps })
const agent = (id: string, sectorId: string | null = null, status = 'idle'): MarketAgent => ({
  id,
  name: id,
  description: '',
  sectorId,
  status,
  ...stamps,
})
const discussion = (id: string, sectorId: string | null = null): DiscussionRow => ({
  id,
  title: id,
  sectorId,
  ownerId: null,
  ...stamps,
})
const message = (id: string, timestamp = at) => ({
  id,
  content: id,
  authorId: 'a',
  authorName: 'A',
  timestamp,
  type: 'text',
})
const candle = (timestamp: string, open: number, high: number, low: number, close: number): FullCandle => ({
  timestamp,
  value: close,
  open,
  high,
  low,
  close,
})

export function marketContract(open: () => Promise<Store>): void {
  describe('the market', () => {
    it('stores rows by id and reads them page by page', async () => {
      await using store = await open()
      await store.write(async ({ sectors, agents }) => {
        for (const id of ['tech-001', 'a_b', 'energy-1'])
          expect(await sectors.insert(sector(id, `The ${id}`))).toBe(true)
        expect(await sectors.insert(sector('a_b'))).toBe(false)
        for (const id of ['x', 'y', 'z'])
          await agents.insert(agent(id, id === 'z' ? null : 'a_b', id === 'x' ? 'active' : 'idle'))
      })
      const found = await store.read(async ({ sectors, agents }) => ({
        first: (await sectors.list({ limit: 2 })).map(({ id }) => id),
        next: (await sectors.list({ limit: 2, after: 'energy-1' })).map(({ id }) => id),
        search: (await sectors.list({ limit: 9, search: 'A_B' })).map(({ id }) => id),
        literal: (await sectors.list({ limit: 9, search: '%' })).length,
        one: await sectors.get('tech-001'),
        none: await sectors.get('nothing'),
        ofSector: (await agents.list({ limit: 9, sectorId: 'a_b' })).map(({ id }) => id),
        idle: (await agents.list({ limit: 9, status: 'idle' })).map(({ id }) => id),
        both: (await agents.list({ limit: 9, sectorId: 'a_b', status: 'idle' })).map(({ id }) => id),
      }))
      expect(found).toEqual({
        first: ['a_b', 'energy-1'],
        next: ['tech-001'],
        search: ['a_b'],
        literal: 0,
        one: sector('tech-001', 'The tech-001'),
        none: null,
        ofSector: ['x', 'y'],
        idle: ['y', 'z'],
        both: ['y'],
      })
    })

    it('saves a row only over its previous version, and its value without a version', async () => {
      await using store = await open()
      const saved = await store.write(async ({ sectors, agents }) => {
        await sectors.insert(sector('s'))
        await agents.insert(agent('a', 's'))
        return [
          await sectors.setValue('s', 123.45, at),
          await sectors.save({ ...sector('s', 'Renamed'), version: 2 }),
          await sectors.save({ ...sector('s', 'Too late'), version: 2 }),
          await sectors.setValue('none', 1, at),
          await agents.setStatus('a', 'processing', at),
          await agents.setStatus('none', 'processing', at),
        ]
      })
      expect(saved).toEqual([true, true, false, false, true, false])
      expect(await store.read(({ sectors }) => sectors.get('s'))).toMatchObject({ name: 'Renamed', version: 2 })
      expect(await store.read(({ agents }) => agents.get('a'))).toMatchObject({ status: 'processing', version: 1 })
    })

    it('removes candles with their sector and messages with their discussion, and keeps the other rows', async () => {
      await using store = await open()
      await store.write(async ({ sectors, agents, discussions, messages, candles }) => {
        await sectors.insert(sector('s'))
        await agents.insert(agent('a', 's'))
        await discussions.insert(discussion('d', 's'))
        await messages.insert('d', message('m'), true)
        await candles.put([{ ...candle(at, 1, 2, 1, 2), sectorId: 's' }])
        expect(await sectors.remove('s')).toBe(true)
        expect(await sectors.remove('s')).toBe(false)
      })
      const left = await store.read(async ({ agents, discussions, messages, candles }) => ({
        agent: (await agents.get('a'))?.sectorId,
        discussion: (await discussions.get('d'))?.sectorId,
        messages: (await messages.page('d', { limit: 9 })).length,
        references: await candles.references(at),
      }))
      expect(left).toEqual({ agent: null, discussion: null, messages: 1, references: [] })
      await store.write(({ discussions }) => discussions.remove('d'))
      expect(await store.read(({ messages }) => messages.page('d', { limit: 9 }))).toEqual([])
    })

    it('refuses rows that break a rule of the tables', async () => {
      await using store = await open()
      await store.write(({ sectors }) => sectors.insert(sector('s')))
      const wrong: Parameters<Store['write']>[0][] = [
        ({ sectors }) => sectors.insert(sector('t', '')),
        ({ agents }) => agents.insert(agent('a', 'nothing')),
        ({ agents }) => agents.insert(agent('a', null, '')),
        ({ discussions }) => discussions.insert({ ...discussion('d'), title: '' }),
        ({ messages }) => messages.insert('nothing', message('m'), true),
        ({ candles }) => candles.put([{ ...candle(at, 1, 0.5, 1, 1), sectorId: 's' }]),
        ({ candles }) => candles.put([{ ...candle(at, 1, 1, 1, 1), sectorId: 'nothing' }]),
      ]
      for (const work of wrong) await expect(store.write(work)).rejects.toThrow()
    })

    it('aggregates candles: first, highest, lowest and last of each interval, the newest ones', async () => {
      await using store = await open()
      const minute = (n: number) => new Date(Date.parse(at) + n * 60_000).toISOString()
      await store.write(async ({ sectors, candles }) => {
        await sectors.insert(sector('s'))
        await sectors.insert(sector('other'))
        const rows = [
          candle(minute(0), 10, 15, 9, 12),
          candle(minute(1), 12, 13, 5, 6),
          candle(minute(4), 6, 20, 6, 19),
          candle(minute(5), 19, 21, 18, 20),
          candle(minute(61), 20, 22, 19, 21),
          candle(minute(1_500), 21, 30, 20, 29),
        ].map((row) => ({ ...row, sectorId: 's' }))
        await candles.put(rows)
        await candles.put([{ ...candle(minute(0), 1, 999, 1, 1), sectorId: 'other' }])
        // The same minute again: it has moved on.
        await candles.put([{ ...candle(minute(5), 19, 23, 18, 22), sectorId: 's' }])
      })
      const span = { sectorId: 's', from: at, to: minute(10_000) }
      const by = (intervalMs: number, limit = 100) =>
        store.read(({ candles }) => candles.aggregate({ ...span, intervalMs, limit }))
      expect((await by(60_000)).length).toBe(6)
      expect(await by(300_000)).toEqual([
        candle(minute(0), 10, 20, 5, 19),
        candle(minute(5), 19, 23, 18, 22),
        candle(minute(60), 20, 22, 19, 21),
        candle(minute(1_500), 21, 30, 20, 29),
      ])
      expect(await by(3_600_000)).toEqual([
        candle(minute(0), 10, 23, 5, 22),
        candle(minute(60), 20, 22, 19, 21),
        candle(minute(1_500), 21, 30, 20, 29),
      ])
      expect(await by(86_400_000)).toEqual([candle(minute(0), 10, 23, 5, 21), candle(minute(1_440), 21, 30, 20, 29)])
      expect(await by(300_000, 2)).toEqual([candle(minute(60), 20, 22, 19, 21), candle(minute(1_500), 21, 30, 20, 29)])
      const part = { ...span, from: minute(1), to: minute(5), intervalMs: 3_600_000, limit: 9 }
      expect(await store.read(({ candles }) => candles.aggregate(part))).toEqual([candle(minute(0), 12, 20, 5, 19)])
      expect(await store.read(({ candles }) => candles.references(minute(30)))).toEqual(
        expect.arrayContaining([
          { sectorId: 's', value: 22 },
          { sectorId: 'other', value: 1 },
        ]),
      )
      await store.write(({ candles }) => candles.thin({ ...span, to: minute(60), intervalMs: 3_600_000 }))
      expect(await by(60_000)).toEqual([
        candle(minute(0), 10, 23, 5, 22),
        candle(minute(61), 20, 22, 19, 21),
        candle(minute(1_500), 21, 30, 20, 29),
      ])
      expect(await store.write(({ candles }) => candles.prune(minute(100)))).toBe(3)
    })

    it('pages messages from the newest, detects a repeat, and lists the unpublished ones', async () => {
      await using store = await open()
      await store.write(async ({ discussions, messages }) => {
        await discussions.insert(discussion('d'))
        for (let n = 1; n <= 5; n++) expect(await messages.insert('d', message(`m${n}`), n < 4)).toBe(true)
        expect(await messages.insert('d', message('m5'), true)).toBe(false)
      })
      const newest = await store.read(({ messages }) => messages.page('d', { limit: 2 }))
      expect(newest.map(({ id }) => id)).toEqual(['m5', 'm4'])
      const older = await store.read(({ messages }) => messages.page('d', { limit: 9, before: newest[1]?.position }))
      expect(older.map(({ id }) => id)).toEqual(['m3', 'm2', 'm1'])
      const unpublished = (before: string) => store.read(({ messages }) => messages.unpublished(before, 9))
      expect(await unpublished(at)).toEqual([])
      expect((await unpublished('2027')).map(({ id }) => id)).toEqual(['m4', 'm5'])
      await store.write(({ messages }) => messages.setPublished(['m4', 'm5']))
      expect(await unpublished('2027')).toEqual([])
      expect(await store.write(({ messages }) => messages.trim(2))).toBe(3)
      expect((await store.read(({ messages }) => messages.page('d', { limit: 9 }))).map(({ id }) => id)).toEqual([
        'm5',
        'm4',
      ])
    })

    it('reads the messages of all discussions after a position, and returns the stored ones of given ids', async () => {
      await using store = await open()
      expect(await store.read(({ messages }) => messages.publishedUpTo())).toBe(0)
      await store.write(async ({ discussions, messages }) => {
        for (const id of ['d', 'e']) await discussions.insert(discussion(id))
        for (const [n, isPublished] of [true, true, false, true].entries())
          await messages.insert(n % 2 ? 'd' : 'e', message(`m${n + 1}`), isPublished)
      })
      const read = <T>(work: (messages: Repositories['messages']) => Promise<T>) =>
        store.read(({ messages }) => work(messages))
      const all = await read((messages) => messages.after(0, 9))
      expect(all.map(({ id, discussionId }) => [id, discussionId])).toEqual([
        ['m1', 'e'],
        ['m2', 'd'],
        ['m3', 'e'],
        ['m4', 'd'],
      ])
      const [first, second, third] = all.map(({ position }) => position)
      expect(await read((messages) => messages.after(first ?? 0, 2))).toEqual(all.slice(1, 3))
      expect(await read((messages) => messages.at([third ?? 0, first ?? 0, 1_000_000]))).toEqual([all[0], all[2]])
      expect(await read((messages) => messages.at([]))).toEqual([])
      expect((await read((messages) => messages.known(['m4', 'none', 'm1']))).toSorted()).toEqual(['m1', 'm4'])
      expect(await read((messages) => messages.known([]))).toEqual([])
      // The unpublished message is still to come.
      expect(await read((messages) => messages.publishedUpTo())).toBe((third ?? 0) - 1)
      expect(second).toBe(await read((messages) => messages.publishedUpTo()))
      await store.write(({ messages }) => messages.setPublished(['m3']))
      expect(await read((messages) => messages.publishedUpTo())).toBe(all.at(-1)?.position)
    })
  })
}
