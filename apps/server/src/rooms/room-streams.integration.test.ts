import { once } from 'node:events'
import { runInNewContext } from 'node:vm'
import { setFlagsFromString } from 'node:v8'
import { MemoryBus } from '@tablecast/bus'
import { Channel } from '@tablecast/hub'
import { until } from '@tablecast/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { NodeChannel } from '../cluster/node-channel.ts'
import { CallerSession } from '../transport/caller-session.ts'
import { ConnectionLimits } from '../transport/connection-limits.ts'
import { Expiry } from '../transport/expiry.ts'
import { callRate, KeyedBuckets, KeyedCount } from '../transport/limits.ts'
import { Ticker } from '../transport/ticker.ts'
import type { Membership } from '../trpc.ts'
import { RoomAccess } from './room-access.ts'
import { RoomStreams } from './room-streams.ts'

const member = (): Membership => ({
  roomId: 'main',
  userId: 'u',
  name: 'U',
  role: 'player',
  joinedAt: new Date(0).toISOString(),
  access: 1,
})

function open() {
  const failed = (error: unknown) => expect.fail(String(error))
  const others = new NodeChannel({ bus: new MemoryBus(), failed })
  const access = new RoomAccess({ others, members: () => Promise.resolve({ access: 1, roles: new Map() }) })
  const followers = new KeyedCount(1)
  const memberships = { get: () => Promise.resolve(member()) }
  const screens = { assertStillThere: () => Promise.resolve() }
  const streams = new RoomStreams({ memberships, screens, access, followers, maxBufferedBytes: 1_000 })
  const session = new CallerSession(null, new Expiry({ ticker: new Ticker({ periodMs: 1_000 }) }))
  const addressCalls = new KeyedBuckets(1, 1)
  const caps = { calls: callRate(1), maxCallsInFlight: 1, maxSubscriptions: 1, addressCalls }
  const limits = new ConnectionLimits({ caps, address: null })
  const channel = new Channel('c', { epoch: 'e', head: 0 }, { policy: { kind: 'disconnect' } })
  const begin = (who: Membership) =>
    streams.stream({ member: who, session, limits }, undefined, (stream) => {
      stream.hold(streams.follow(who.roomId))
      return Promise.resolve({ channel, after: channel.head, isTracked: true })
    })
  return { access, followers, limits, channel, begin }
}

describe('A subscription to a room', () => {
  let sockets: WebSocketServer
  beforeAll(async () => {
    sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    await once(sockets, 'listening')
  })
  afterAll(() => {
    for (const client of sockets.clients) client.terminate()
    sockets.close()
  })

  const connect = async () => {
    const { port } = sockets.address() as { port: number }
    const [connected] = await Promise.all([
      once(sockets, 'connection') as Promise<[WebSocket]>,
      once(new WebSocket(`ws://127.0.0.1:${port}`), 'open'),
    ])
    return connected[0]
  }

  it('keeps nothing of the call that began it while it is idle', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const { channel, begin } = open()
    const socket = await connect()
    const beginAndForget = () => {
      const caller = member()
      void begin(caller).attach(socket, 1, { over() {} })
      return new WeakRef(caller)
    }
    const caller = beginAndForget()
    await until(() => channel.size === 1)
    await until(() => {
      collectGarbage()
      return caller.deref() === undefined
    })
    expect(channel.size).toBe(1)
  })

  it('gives everything back when the member is removed', async () => {
    const { access, followers, limits, channel, begin } = open()
    const socket = await connect()
    let reason: string | undefined
    const stream = begin(member())
    void stream.attach(socket, 1, {
      over(over) {
        reason = over.kind === 'ended' ? over.reason?.code : 'failed'
      },
    })
    await until(() => channel.size === 1)
    expect([followers.get('main'), limits.idleMs]).toEqual([1, 0])
    access.tell({ roomId: 'main', userId: 'u', role: null, access: 2 })
    expect([reason, channel.size, followers.get('main')]).toEqual(['NOT_A_MEMBER', 0, 0])
    limits.addSubscription()
    expect(() => limits.addSubscription()).toThrow('At most 1 subscriptions')
  })
})
