// The bytes that a crowd costs each client.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PresenceBoard } from './presence.ts'
import { anonymous, Client, ids, openBoard, pass, player, ROOM, spectator } from './presence-testing.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const exponent = (small: number, large: number) => Math.log(large / small) / Math.log(400 / 100)

describe('the bytes of a crowd', () => {
  /** Everybody comes one after the other, so that no two joins share a message. */
  async function fill(count: number, personOf: (n: number) => Parameters<PresenceBoard['connect']>[1]) {
    const board = openBoard()
    const clients = []
    for (const n of ids(count)) {
      board.connect(ROOM, personOf(n))
      clients.push(new Client().listen(board, 'player'))
      await pass(300)
    }
    const first = clients[0]
    await pass(1_000)
    board.close()
    if (!first) throw new Error('nobody came')
    const changes = first.of('roster_changed').map((event) => JSON.stringify(event).length)
    const snapshots = clients.flatMap((client) => client.of('roster').map((event) => JSON.stringify(event).length))
    return { changes, snapshots, perJoin: changes.reduce((sum, length) => sum + length, 0) / count, first }
  }

  it('a join costs each watcher the same number of bytes in a room of 100 and of 400, and no snapshot grows', async () => {
    const [small, large] = [await fill(100, spectator), await fill(400, spectator)]
    expect(large.first.roster).toMatchObject({ unlisted: 350 })
    expect(large.first.roster.people).toHaveLength(50)
    expect(Math.abs(exponent(small.perJoin, large.perJoin))).toBeLessThan(0.3)
    expect(Math.max(...large.changes)).toBeLessThanOrEqual(Math.max(...small.changes) + 2)
    expect(Math.max(...large.snapshots)).toBeLessThanOrEqual(Math.max(...small.snapshots) + 2)
  })

  it('a join costs each player the same number of bytes in a room of 100 and of 400 players', async () => {
    const [small, large] = [await fill(100, player), await fill(400, player)]
    expect(large.first.roster.people).toHaveLength(100)
    expect(large.first.roster.unlisted).toBe(300)
    expect(exponent(small.perJoin, large.perJoin)).toBeLessThan(0.1)
    expect(Math.max(...large.changes)).toBeLessThanOrEqual(Math.max(...small.changes) + 2)
    expect(Math.max(...large.snapshots)).toBeLessThanOrEqual(Math.max(...small.snapshots) + 250)
  })

  it('people who come within the same seconds share at most four messages a second', async () => {
    const bytesOf = async (count: number) => {
      const board = openBoard()
      const first = new Client().listen(board, 'player')
      await pass(1_000)
      const before = first.events.length
      for (const n of ids(count)) {
        board.connect(ROOM, anonymous(n))
        await pass(10_000 / count)
      }
      await pass(1_000)
      expect(first.events.length - before).toBeLessThanOrEqual(11 * 4 + 2)
      board.close()
      return first.bytes
    }
    expect(exponent(await bytesOf(100), await bytesOf(400))).toBeLessThan(0.2)
  })

  it('the number of people costs a crowd of any size at most 2,000 messages a second, and is right in the end', async () => {
    for (const size of [1_000, 4_000]) {
      const board = openBoard()
      for (const n of ids(60)) board.connect(ROOM, spectator(n))
      const crowd = ids(size).map(() => new Client().listen(board, 'player'))
      const dm = new Client().listen(board, 'dm')
      await pass(10_000)
      const messages = () => crowd.reduce((sum, { events }) => sum + events.length, 0)
      const [before, dmBefore] = [messages(), dm.of('roster_changed').length]
      for (let n = 60; n < 460; n++) {
        board.connect(ROOM, spectator(n))
        await pass(50)
      }
      // Two heartbeats come to each in these 20 s.
      const told = messages() - before - 2 * size
      expect(told).toBeLessThanOrEqual(20 * 2_000 + 2 * size)
      expect(told).toBeGreaterThanOrEqual(20 * 1_000)
      // A DM's page is one of few, and follows each quarter of a second.
      expect(dm.of('roster_changed').length - dmBefore).toBeGreaterThan(60)
      await pass(3_000)
      for (const client of [dm, ...crowd]) expect(client.roster.unlisted).toBe(410)
      board.close()
    }
  })

  it('a player who comes is shown at once to a crowd whose number has to wait', async () => {
    const board = openBoard()
    const crowd = ids(4_000).map(() => new Client().listen(board, 'player'))
    for (let n = 0; n < 200; n++) {
      board.connect(ROOM, spectator(n))
      await pass(50)
    }
    board.connect(ROOM, player(1))
    await pass(300)
    for (const client of crowd) {
      expect(client.roster.people.map(({ userId }) => userId)).toContain('player-1')
      expect(client.roster.unlisted).toBe(151)
    }
    board.close()
  })

  it('a quiet watcher receives nothing but heartbeats for ten minutes', async () => {
    const board = openBoard()
    for (const n of ids(200)) board.connect(ROOM, spectator(n))
    const quiet = new Client().listen(board, 'player')
    await pass(1_000)
    const before = quiet.events.length
    await pass(600_000)
    expect(new Set(quiet.events.slice(before).map(({ type }) => type))).toEqual(new Set(['heartbeat']))
    expect(quiet.events.length - before).toBe(40)
    board.close()
  })

  it('2,220 connects and leaves of callers without a membership leave no trace in the roster or in any message', async () => {
    const board = openBoard()
    for (const n of ids(3)) board.connect(ROOM, player(n))
    const [dm, quiet] = [new Client().listen(board, 'dm'), new Client().listen(board, 'player')]
    await pass(1_000)
    const before = { dm: board.roster(ROOM, 'dm'), player: board.roster(ROOM, 'player') }
    for (let batch = 0; batch < 111; batch++) {
      const seats = ids(20).map((n) => board.connect(ROOM, anonymous(batch * 20 + n)))
      await pass(300)
      for (const seat of seats) seat.leave()
    }
    await pass(10_000)
    expect(board.roster(ROOM, 'dm')).toEqual(before.dm)
    for (const client of [dm, quiet]) {
      expect(client.roster.people.map(({ userId }) => userId).toSorted()).toEqual(ids(3).map((n) => player(n).userId))
      expect(client.roster.unlisted).toBe(0)
      const late = new Client().listen(board, 'player')
      await pass(100)
      expect(JSON.stringify(late.events)).not.toContain('plain-')
      late.stop()
    }
    // Twenty people in a message, and never the people who left before them.
    expect(quiet.largest).toBeLessThan(20 * 2 * 250)
    board.close()
  })
})
