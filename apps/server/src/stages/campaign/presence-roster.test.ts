// The roster as a log: one snapshot, then differences.
import { emptyRoster, foldPresence } from '@tablecast/contracts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { resumePoint } from '../../transport/resume-point.ts'
import { applied, Client, ids, openBoard, pass, player, ROOM, spectator } from './presence-testing.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the roster of an audience', () => {
  it('players receive nothing of link quality and of how far others are', async () => {
    const board = openBoard()
    for (const n of ids(5)) board.connect(ROOM, player(n))
    const [dm, other] = [new Client().listen(board, 'dm'), new Client().listen(board, 'player')]
    await pass(1_000)
    const before = { dm: dm.events.length, other: other.events.length }
    for (let beat = 0; beat < 20; beat++)
      for (const n of ids(5)) {
        board.set(ROOM, player(n).userId, { applied: { ...applied, seq: beat % 2 }, rttMs: beat })
        await pass(10)
      }
    await pass(1_000)
    expect(other.events).toHaveLength(before.other)
    expect(JSON.stringify(other.events)).not.toContain('rttMs')
    // A hundred acknowledgements within a second are a handful of messages.
    expect(dm.events.length - before.dm).toBeGreaterThan(0)
    expect(dm.events.length - before.dm).toBeLessThanOrEqual(10)
    expect(dm.roster.people.map(({ link }) => link?.rttMs)).toEqual([19, 19, 19, 19, 19])
    board.close()
  })

  it('the roster keeps a player who has left as last seen, in one message, and forgets a spectator', async () => {
    const board = openBoard()
    const dm = new Client().listen(board, 'dm')
    const seats = [board.connect(ROOM, player(1)), board.connect(ROOM, spectator(1))]
    await pass(1_000)
    const at = new Date().toISOString()
    for (const seat of seats) seat.leave()
    await pass(60_000)
    expect(dm.roster.people).toMatchObject([{ userId: 'player-1', online: false, since: at, sync: { state: 'lost' } }])
    const told = dm.of('roster_changed').filter((event) => JSON.stringify(event).includes('"online":false'))
    expect(told).toHaveLength(1)
    board.close()
  })

  it('a page that polls is here, gets what changed since its cursor, and is lost within 10 s after its last question', async () => {
    const board = openBoard()
    const dm = new Client().listen(board, 'dm')
    const ask = (cursor: string | null) => {
      board.poll(ROOM, player(1))
      return board.since(ROOM, 'player', resumePoint(board.channel(ROOM, 'player'), cursor))
    }
    let roster = emptyRoster
    let cursor: string | null = null
    for (let turn = 0; turn < 20; turn++) {
      const answer = ask(cursor)
      cursor = answer.cursor
      for (const event of answer.events) roster = foldPresence(roster, event)
      if (turn === 10) board.connect(ROOM, player(2))
      // Nothing has changed: the answer is empty, up to a heartbeat.
      if (turn > 15 || (turn > 2 && turn < 10))
        expect(answer.events.filter(({ type }) => type !== 'heartbeat')).toEqual([])
      await pass(2_000)
    }
    expect(roster.people.map(({ userId }) => userId)).toEqual(['player-1', 'player-2'])
    expect(dm.roster.people.find(({ userId }) => userId === 'player-1')).toMatchObject({ online: true })
    await pass(8_000)
    expect(dm.roster.people.find(({ userId }) => userId === 'player-1')).toMatchObject({ online: false })
    board.close()
  })

  it('a client that returns with its position gets the differences it missed, and a client with a foreign one a snapshot', async () => {
    const board = openBoard()
    board.connect(ROOM, player(1))
    const client = new Client().listen(board, 'player')
    await pass(1_000)
    client.stop()
    const seat = board.connect(ROOM, player(2))
    await pass(1_000)
    board.set(ROOM, 'player-1', { status: 'ready' })
    await pass(1_000)
    const back = new Client(client.roster).listen(board, 'player')
    await pass(10)
    expect(back.events.map(({ type }) => type)).toEqual(['roster_changed', 'roster_changed'])
    expect(back.roster.people).toEqual(board.roster(ROOM, 'player'))
    const foreign = new Client({ ...client.roster, at: 'elsewhere:3' }).listen(board, 'player')
    await pass(10)
    expect(foreign.events.map(({ type }) => type)).toEqual(['roster'])
    // So far behind that the channel no longer keeps what it missed.
    for (let turn = 0; turn < 200; turn++) {
      board.set(ROOM, 'player-1', { status: turn % 2 ? 'ready' : 'away' })
      await pass(300)
    }
    seat.leave()
    await pass(10_000)
    const late = new Client(client.roster).listen(board, 'player')
    await pass(10)
    expect(late.events.map(({ type }) => type)).toEqual(['roster'])
    expect(late.roster.people).toEqual(board.roster(ROOM, 'player'))
    board.close()
  })
})
