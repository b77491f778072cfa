// The roster as a log: one snapshot, then differences, the same on every node.
import { type Bus, MemoryBus } from '@tablecast/bus'
import {
  type Applied,
  type Audience,
  emptyRoster,
  foldPresence,
  type LiveRoster,
  type PresenceEvent,
} from '@tablecast/contracts'
import type { Batch } from '@tablecast/hub'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { NodeChannel } from '../../cluster/node-channel.ts'
import { resumePoint } from '../../transport/resume-point.ts'
import { PresenceLink } from './presence-link.ts'
import { NodeLife } from '../../cluster/node-life.ts'
import { realTimers } from './presence-timers.ts'
import { PresenceBoard } from './presence.ts'

const ROOM = 'room-1'
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const ids = (count: number) => Array.from({ length: count }, (_, n) => n)
const spectator = (n: number) => ({ userId: `watcher-${n}`, name: `Watcher ${n}`, role: 'spectator' as const })
const player = (n: number) => ({ userId: `player-${n}`, name: `Player ${n}`, role: 'player' as const })
/** A caller of the plain sockets without a membership. */
const anonymous = (n: number) => ({ userId: `plain-${n}`, name: 'Guest', role: 'player' as const })
const applied: Applied = { epoch: 'e', seq: 1, hash: 'h', transport: 'websocket', visible: true, healed: 0 }

/** A memory bus that counts as one between nodes. */
class SharedBus implements Bus {
  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#bus[Symbol.asyncDispose]()
  }

  readonly kind = 'nats'
  readonly url = null
  readonly isConnected = true
  readonly #bus = new MemoryBus()
  /** Loses what is published. */
  isDeaf = false
  publish: Bus['publish'] = (subject, data, options) => {
    if (!this.isDeaf) this.#bus.publish(subject, data, options)
  }
  subscribe: Bus['subscribe'] = (pattern, handle, options) => this.#bus.subscribe(pattern, handle, options)
  request: Bus['request'] = (subject, data, options) => this.#bus.request(subject, data, options)
  flush = () => this.#bus.flush()
  follow: Bus['follow'] = (source, handle) => this.#bus.follow(source, handle)
  watch: Bus['watch'] = () => this.#bus.watch()
}

class Client {
  bytes = 0
  largest = 0
  events: PresenceEvent[] = []
  roster: LiveRoster
  #detach: () => void = () => {}

  constructor(roster: LiveRoster = emptyRoster) {
    this.roster = roster
  }

  listen(board: PresenceBoard, audience: Audience): this {
    const channel = board.channel(ROOM, audience)
    const cursor = channel.subscribe(this, resumePoint(channel, this.roster.at))
    this.#detach = () => cursor.detach()
    return this
  }

  stop(): void {
    this.#detach()
  }

  write({ events }: Batch): boolean {
    for (const { text } of events) {
      this.bytes += text.length
      this.largest = Math.max(this.largest, text.length)
      const event = JSON.parse(text) as PresenceEvent
      this.events.push(event)
      this.roster = foldPresence(this.roster, event)
    }
    return true
  }

  close(): void {}

  of(type: PresenceEvent['type']): PresenceEvent[] {
    return this.events.filter((event) => event.type === type)
  }
}

function openBoard(bus: Bus = new MemoryBus(), life?: NodeLife) {
  const others = new NodeChannel({ bus, failed() {} })
  const link = new PresenceLink(others, life ?? new NodeLife({ others, timers: realTimers }))
  const board = new PresenceBoard({ head: () => ({ epoch: 'e', seq: 1 }) }, link, () => undefined)
  return board
}

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

const node = fc.nat(1)
const who = fc.nat(9)
const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constantFrom('join' as const, 'leave' as const, 'silent' as const), node, person: who }),
    fc.record({ do: fc.constant('remove' as const), node, person: who }),
    fc.record({
      do: fc.constant('status' as const),
      node,
      person: who,
      status: fc.constantFrom('ready' as const, 'away' as const, 'typing' as const),
    }),
    fc.record({ do: fc.constant('applied' as const), node, person: who, seq: fc.nat(2) }),
    fc.record({ do: fc.constant('return' as const), client: fc.nat(3) }),
    fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(50, 200, 1_000, 5_000, 20_000) }),
  ),
  { maxLength: 40 },
)

describe('a node of an older version', () => {
  /** The messages of the version before: whole lists alone, and the newest one stands. */
  const OldMessage = z.object({
    node: z.string(),
    asks: z.boolean(),
    resync: z.string().nullable(),
    news: z.array(z.object({ type: z.enum(['player_joined', 'player_left']), userId: z.string() })),
    people: z.array(
      z.object({
        userId: z.string(),
        name: z.string(),
        role: z.enum(['owner', 'dm', 'player', 'spectator']),
        connections: z.number(),
        status: z.enum(['ready', 'away', 'idle', 'typing']),
        since: z.number(),
        applied: z.unknown(),
        rttMs: z.number().nullable(),
      }),
    ),
  })

  it('sees each change of a newer node, and its people are seen there', async () => {
    const bus = new SharedBus()
    const board = openBoard(bus)
    const dm = new Client().listen(board, 'dm')
    const old = new NodeChannel({ bus, failed() {} })
    let heard: z.infer<typeof OldMessage>['people'] = []
    const news: string[] = []
    old.subscribe(`tablecast.presence.${ROOM}`, ({ json }) => {
      const message = OldMessage.parse(json)
      heard = message.people
      news.push(...message.news.map(({ type, userId }) => `${type} ${userId}`))
    })
    const theirs = { ...player(9), connections: 1, status: 'idle', since: Date.now(), applied: null, rttMs: null }
    const tell = (people: object[]) =>
      old.publish(`tablecast.presence.${ROOM}`, { asks: false, resync: null, news: [], people })
    tell([theirs])
    await pass(1_000)
    expect(dm.roster.people).toMatchObject([{ userId: 'player-9', online: true }])
    const connection = board.connect(ROOM, player(1))
    board.set(ROOM, 'player-1', { status: 'ready' })
    await pass(1_000)
    expect(heard).toMatchObject([{ userId: 'player-1', connections: 1, status: 'ready' }])
    connection.leave()
    await pass(5_000)
    expect(heard).toMatchObject([{ userId: 'player-1', connections: 0 }])
    expect(news).toEqual(['player_joined player-1', 'player_left player-1'])
    tell([{ ...theirs, connections: 0 }])
    await pass(1_000)
    expect(dm.roster.people.find(({ userId }) => userId === 'player-9')).toMatchObject({ online: false })
    board.close()
  })
})

describe('two nodes', () => {
  it('the DM sees the people of a killed node as lost within 10 s, and players only that they left', async () => {
    const bus = new SharedBus()
    const here = openBoard(bus)
    const dying = new NodeChannel({ bus, failed() {} })
    const calls = new NodeLife({ others: dying, timers: realTimers })
    const link = new PresenceLink(dying, calls)
    const there = new PresenceBoard({ head: () => ({ epoch: 'e', seq: 1 }) }, link, () => undefined)
    const [dm, other] = [new Client().listen(here, 'dm'), new Client().listen(here, 'player')]
    here.connect(ROOM, player(1))
    there.connect(ROOM, player(2))
    there.connect(ROOM, player(3))
    await pass(5_000)
    expect(dm.roster.people).toHaveLength(3)
    const online = (client: Client) => client.roster.people.flatMap(({ userId, online: is }) => (is ? [userId] : []))
    const before = other.events.length
    // Its process ends: nothing is said, and nothing listens any more.
    const at = Date.now()
    calls[Symbol.dispose]()
    link[Symbol.dispose]()
    bus.isDeaf = true
    there.close()
    await pass(10)
    bus.isDeaf = false
    await pass(10_000)
    expect(dm.roster.people.find(({ userId }) => userId === 'player-2')).toMatchObject({
      online: false,
      sync: { state: 'lost' },
    })
    expect(online(dm)).toEqual(['player-1'])
    expect(online(other).toSorted()).toEqual(['player-1', 'player-2', 'player-3'])
    expect(Date.now() - at).toBeLessThanOrEqual(10_010)
    // One of them comes to this node, and is never seen to leave.
    here.connect(ROOM, player(3))
    await pass(15_000)
    expect(online(dm).toSorted()).toEqual(['player-1', 'player-3'])
    expect(online(other).toSorted()).toEqual(['player-1', 'player-3'])
    for (const event of other.events.slice(before))
      if (event.type === 'roster_changed') {
        expect(event.gone).not.toContain('player-3')
        expect(event.changed.filter(({ userId, online: is }) => userId === 'player-3' && is === false)).toEqual([])
      }
    here.close()
  })

  it('a node that missed a difference asks for the whole list', async () => {
    const bus = new SharedBus()
    const boards = [openBoard(bus), openBoard(bus)] as const
    const dm = new Client().listen(boards[0], 'dm')
    new Client().listen(boards[1], 'dm')
    boards[1].connect(ROOM, player(1))
    await pass(1_000)
    bus.isDeaf = true
    boards[1].connect(ROOM, player(2))
    await pass(1_000)
    bus.isDeaf = false
    boards[1].connect(ROOM, player(3))
    await pass(1_000)
    expect(dm.roster.people.map(({ userId }) => userId).toSorted()).toEqual(['player-1', 'player-2', 'player-3'])
    for (const board of boards) board.close()
  })

  const personOf = (n: number) => (n < 4 ? player(n) : n < 7 ? spectator(n) : anonymous(n))
  const byId = ({ people, unlisted }: Pick<LiveRoster, 'people' | 'unlisted'>) => ({
    people: people.toSorted((a, b) => a.userId.localeCompare(b.userId)),
    unlisted,
  })

  it('a snapshot and its differences are the later snapshot, on both nodes, in any order of joins, leaves and statuses', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const bus = new SharedBus()
        const boards = [openBoard(bus), openBoard(bus)]
        const at = (n: number) => boards[n] ?? openBoard(bus)
        const seats = new Map<string, { node: number; person: number; seat: ReturnType<PresenceBoard['connect']> }>()
        const clients = ids(4).map((n) => new Client().listen(at(n % 2), n < 2 ? 'dm' : 'player'))
        for (const step of script)
          switch (step.do) {
            case 'join':
              seats.set(`${step.node}/${step.person}`, {
                ...step,
                seat: at(step.node).connect(ROOM, personOf(step.person)),
              })
              break
            case 'leave':
              seats.get(`${step.node}/${step.person}`)?.seat.leave()
              break
            case 'silent':
              seats.get(`${step.node}/${step.person}`)?.seat.silent(true)
              break
            case 'remove':
              for (const board of boards) board.remove(ROOM, personOf(step.person).userId)
              break
            case 'status':
              at(step.node).set(ROOM, personOf(step.person).userId, { status: step.status })
              break
            case 'applied':
              at(step.node).set(ROOM, personOf(step.person).userId, { applied: { ...applied, seq: step.seq } })
              break
            case 'return': {
              const old = clients[step.client]
              old?.stop()
              // To the same node, or to the other one.
              const other = new Client(old?.roster)
              clients[step.client] = other.listen(at(step.client % 2), step.client < 2 ? 'dm' : 'player')
              break
            }
            case 'pass':
              await pass(step.ms)
          }
        await pass(5_000)
        for (const [n, client] of clients.entries()) {
          const audience = n < 2 ? 'dm' : 'player'
          const fresh = new Client().listen(at(n % 2), audience)
          await pass(1)
          expect(fresh.events.map(({ type }) => type)).toEqual(['roster'])
          expect(byId(client.roster)).toEqual(byId(fresh.roster))
          expect(byId(client.roster).people).toEqual(
            byId({ people: at(n % 2).roster(ROOM, audience), unlisted: 0 }).people,
          )
        }
        const online = (n: number) => byId({ people: at(n).roster(ROOM, 'dm'), unlisted: 0 }).people
        expect(online(0)).toEqual(online(1))
        for (const board of boards) board.close()
      }),
      { numRuns: 200 },
    )
  })
})
