// The roster is the same on every node.
import type { LiveRoster } from '@tablecast/contracts'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { NodeChannel } from '../../cluster/node-channel.ts'
import { NodeLife } from '../../cluster/node-life.ts'
import { PresenceLink } from './presence-link.ts'
import { realTimers } from './presence-timers.ts'
import { PresenceBoard } from './presence.ts'
import {
  applied,
  anonymous,
  Client,
  ids,
  openBoard,
  pass,
  player,
  ROOM,
  SharedBus,
  spectator,
} from './presence-testing.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

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
    let people: z.infer<typeof OldMessage>['people'] = []
    const news: string[] = []
    old.subscribe(`tablecast.presence.${ROOM}`, ({ json }) => {
      const message = OldMessage.parse(json)
      people = message.people
      news.push(...message.news.map(({ type, userId }) => `${type} ${userId}`))
    })
    const theirs = { ...player(9), connections: 1, status: 'idle', since: Date.now(), applied: null, rttMs: null }
    const send = (list: object[]) =>
      old.publish(`tablecast.presence.${ROOM}`, { asks: false, resync: null, news: [], people: list })
    send([theirs])
    await pass(1_000)
    expect(dm.roster.people).toMatchObject([{ userId: 'player-9', online: true }])
    const connection = board.connect(ROOM, player(1))
    board.set(ROOM, 'player-1', { status: 'ready' })
    await pass(1_000)
    expect(people).toMatchObject([{ userId: 'player-1', connections: 1, status: 'ready' }])
    connection.leave()
    await pass(5_000)
    expect(people).toMatchObject([{ userId: 'player-1', connections: 0 }])
    expect(news).toEqual(['player_joined player-1', 'player_left player-1'])
    send([{ ...theirs, connections: 0 }])
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
