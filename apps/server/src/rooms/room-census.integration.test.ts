// A room of any size: a join reads no list of members, and no answer grows with a crowd.
import { StatementSync } from 'node:sqlite'
import { describe, expect, it, vi } from 'vitest'
import { openTestbed } from '../testing/testbed.ts'
import { censusOf, RoomCensuses } from './room-census.ts'

const joinedAt = '2026-01-01T00:00:00.000Z'
const member = (userId: string, name: string, role: 'owner' | 'dm' | 'player' | 'spectator') => ({
  userId,
  name,
  role,
  joinedAt,
})

describe('a census', () => {
  it('is read once for a thousand joins, and again after a change that another node made', async () => {
    let reads = 0
    const rooms = {
      members: () => {
        reads += 1
        return Promise.resolve([member('dee', 'Dee', 'owner')])
      },
    }
    const censuses = new RoomCensuses()
    let access = 7
    for (let n = 0; n < 1_000; n++) {
      const census = await censuses.of(rooms, { id: 'main', access })
      expect(census.count).toBe(1 + n)
      access += 1
      censuses.keep('main', census.withOneMore(access))
    }
    expect(reads).toBe(1)
    await censuses.of(rooms, { id: 'main', access: access + 1 })
    expect(reads).toBe(2)
  })

  it('adds a number to a long name like the DM’s without cutting a character in two', () => {
    const name = `${'Dee'.repeat(17)}🐉 the Red`
    const census = censusOf({ access: 1 }, [member('dee', name, 'owner')])
    expect(census.shownName({ userId: 'eve', name })).toBe(`${'Dee'.repeat(17)} (2)`)
  })

  it('is read once for a crowd that joins at once, whose joins share commits', async () => {
    await using testbed = await openTestbed({ MAX_MEMBERS_PER_ROOM: '1000' })
    const dm = await testbed.join('Dee', 'owner')
    const code = dm.details.invites.find(({ role }) => role === 'spectator')?.code ?? ''
    using reads = vi.spyOn(StatementSync.prototype, 'all')
    await Promise.all(
      Array.from({ length: 60 }, (_, n) => {
        const input = { code, name: `Watcher ${n}` }
        const person = { userId: `watcher-${n}`, name: input.name }
        return testbed.server.rooms.invites.join(person, { ...input, key: `join-of-${n}`.padEnd(16, '-'), input })
      }),
    )
    const statements = reads.mock.contexts.map((statement) => (statement as StatementSync).sourceSQL)
    const lists = statements.filter((text) => text.includes('from "members"') && text.includes('order by "joined_at"'))
    expect(lists).toHaveLength(1)
    expect((await dm.http.rooms.get.query({ roomId: 'main' })).members).toHaveLength(61)
  })

  it('marks a name that looks like another DM’s, and never a DM’s own', () => {
    const census = censusOf({ access: 1 }, [member('dee', 'Dee', 'owner'), member('sue', 'Sue', 'player')])
    expect(census.shownName({ userId: 'eve', name: 'Dee' })).toBe('Dee (2)')
    expect(census.shownName({ userId: 'dee', name: 'Dee' })).toBe('Dee')
    expect(census.shownName({ userId: 'eve', name: 'Sue' })).toBe('Sue')
    expect(census.withOneMore(2).shownName({ userId: 'eve', name: 'Dee' })).toBe('Dee (2)')
  })
})

describe('the members of a room', () => {
  it('are all listed for a DM, up to the newest 200 spectators, and everybody else sees only themselves', async () => {
    await using testbed = await openTestbed()
    const [dm, sue] = [await testbed.join('Dee', 'owner'), await testbed.join('Sue', 'player')]
    await testbed.store.write(async ({ rooms }) => {
      for (let n = 0; n < 250; n++)
        await rooms.putMember('main', {
          ...member(`watcher-${n}`, `Watcher ${n}`, 'spectator'),
          joinedAt: new Date(1_000 * n).toISOString(),
        })
    })
    const seen = await dm.http.rooms.get.query({ roomId: 'main' })
    expect(seen.members.filter(({ role }) => role === 'spectator').map(({ name }) => name)).toEqual(
      Array.from({ length: 200 }, (_, n) => `Watcher ${n + 50}`),
    )
    expect(seen.members.filter(({ role }) => role !== 'spectator').map(({ name }) => name)).toEqual(['Dee', 'Sue'])
    expect(seen.unlisted).toBe(50)
    const mine = await sue.http.rooms.get.query({ roomId: 'main' })
    expect(mine.members.map(({ name }) => name)).toEqual(['Sue'])
    expect(mine.unlisted).toBe(0)
  })

  it('learn of a DM’s new name before the next of them joins under it', async () => {
    await using testbed = await openTestbed()
    const dm = await testbed.join('Dee', 'owner')
    await testbed.join('Sue', 'player')
    const code = dm.details.invites.find(({ role }) => role === 'dm')?.code ?? ''
    const co = await testbed.signIn('Cora')
    await co.http.rooms.join.mutate({ key: 'join-as-cora', code })
    await testbed.join('Ann', 'player')
    await co.http.rooms.join.mutate({ key: 'join-as-dora', code, name: 'Dora' })
    expect((await testbed.join('Dora', 'player')).details.me.name).toBe('Dora (2)')
    expect((await testbed.join('Cora', 'player')).details.me.name).toBe('Cora')
  })
})
