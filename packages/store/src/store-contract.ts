// The promises of a store, as tests that each database runs.
import { describe, expect, it } from 'vitest'
import type { ArenaSessionRow } from './arena.ts'
import { campaignsContract } from './campaigns-contract.ts'
import { databaseProblemOf } from './database-problem.ts'
import { entriesContract } from './entries-contract.ts'
import { picturesContract } from './pictures-contract.ts'
import type { Store } from './store.ts'
import { at, withRoom } from './testing/rows.ts'

export function storeContract(open: () => Promise<Store>): void {
  campaignsContract(open)
  entriesContract(open)
  picturesContract(open)

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

    it('tells a call that comes after the close that the server shuts down', async () => {
      const store = await open()
      await store[Symbol.asyncDispose]()
      for (const call of [store.read(({ rooms }) => rooms.get('r')), store.write(({ rooms }) => rooms.get('r'))])
        await expect(call.catch(databaseProblemOf)).resolves.toMatchObject({ kind: 'closed' })
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
  })
}
