import { MemoryBus } from '@tablecast/bus'
import { immediatePublishersOn } from '@tablecast/market-sim'
import { TcpProxy } from '@tablecast/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rest } from '../../testing/rest.ts'
import { openTestbed, until } from '../../testing/testbed.ts'
import { ReturningClients } from './returning-clients.ts'
import { socketIo, type SocketIoClient, valuesIn } from './testing.ts'

type Testbed = Awaited<ReturnType<typeof openTestbed>>

const idsOf = ({ received }: SocketIoClient) =>
  received.flatMap(({ event, data }) =>
    event === 'discussion:new_message' ? [(data as { message: { id: string } }).message.id] : [],
  )
const numbered = (from: number, to: number, mark: string) =>
  Array.from({ length: to - from + 1 }, (_, n) => `${mark}-${from + n}`)
const transports = [
  ['a WebSocket', ['websocket']],
  ['polling', ['polling']],
  ['polling, then a WebSocket', ['polling', 'websocket']],
] as const

describe('a stock client of Socket.IO that loses its connection', () => {
  let testbed: Testbed
  const channels = new MemoryBus()
  const publishers = immediatePublishersOn(channels)
  let marks = 0
  beforeAll(async () => {
    testbed = await openTestbed({}, { channels })
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  /** A proxy to the server that can cut its connections, or swallow their bytes. */
  async function openProxy() {
    let isOpen = true
    const proxy = await TcpProxy.listen({ route: () => (isOpen ? [testbed.server.port] : []) })
    return {
      url: `http://127.0.0.1:${proxy.port}`,
      cut() {
        isOpen = false
        proxy.cut()
      },
      restore: () => void (isOpen = true),
      /** Open connections pass no more bytes, and neither end notices. New connections work. */
      blackHole() {
        for (const connection of proxy.connections) connection.freeze()
      },
      [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
    }
  }

  const post = async (ids: readonly string[], discussion = 'disc-123') => {
    for (const id of ids) {
      const path = `/api/discussions/${discussion}/messages`
      expect((await rest(testbed.url, 'POST', path, { id, content: id })).status).toBe(201)
    }
  }
  /** Resolves when the client has answered a request, and so has confirmed every earlier event. */
  const untilConfirmed = (client: SocketIoClient) => client.ask('unsubscribe:sector', 'none')
  const untilReconnected = (client: SocketIoClient) => until(() => client.socket.connected)

  for (const [name, kinds] of transports) {
    it(`gets each missed message once and in order after it reconnects over ${name}`, async () => {
      const mark = `m${++marks}`
      await using proxy = await openProxy()
      await using client = await socketIo(proxy.url, { transports: [...kinds] })
      await until(() => client.socket.io.engine.transport.name === kinds.at(-1))
      await post(numbered(1, 1, mark))
      await until(() => idsOf(client).length === 1)
      await untilConfirmed(client)
      proxy.cut()
      await until(() => !client.socket.connected)
      await post(numbered(2, 40, mark))
      publishers.publishMarketUpdate({ sectorId: 'tech-001', value: 7 })
      proxy.restore()
      await untilReconnected(client)
      expect(client.socket.recovered).toBe(true)
      await post(numbered(41, 42, mark))
      await until(() => idsOf(client).length >= 42)
      expect(idsOf(client)).toEqual(numbered(1, 42, mark))
      expect(valuesIn(client.received)).toEqual([7])
    })

    it(`gets only the events of its scopes after it reconnects over ${name}`, async () => {
      const mark = `m${++marks}`
      await using proxy = await openProxy()
      await using client = await socketIo(proxy.url, { transports: [...kinds] })
      await until(() => client.socket.io.engine.transport.name === kinds.at(-1))
      await client.ask('subscribe:discussion', 'disc-123')
      await client.ask('subscribe:sector', 'energy-001')
      await post(numbered(1, 1, mark))
      await until(() => idsOf(client).length === 1)
      await untilConfirmed(client)
      proxy.cut()
      await until(() => !client.socket.connected)
      for (let n = 2; n <= 10; n++) {
        await post([`${mark}-${n}`])
        await post([`${mark}-other-${n}`], 'disc-124')
        publishers.publishMarketUpdate({ sectorId: 'tech-001', value: n })
        publishers.publishMarketUpdate({ sectorId: 'energy-001', value: n })
        publishers.publishMarketUpdate({ indexValue: n })
      }
      proxy.restore()
      await untilReconnected(client)
      await post([`${mark}-other-11`], 'disc-124')
      await post([`${mark}-11`])
      await until(() => idsOf(client).length >= 11)
      expect(idsOf(client)).toEqual(numbered(1, 11, mark))
      const values = client.received.flatMap(({ event, data }) => (event === 'market:update' ? [data] : []))
      const wanted = Array.from({ length: 9 }, (_, n) => [
        expect.objectContaining({ sectorId: 'energy-001', value: n + 2 }) as unknown,
        expect.objectContaining({ indexValue: n + 2 }) as unknown,
      ])
      expect(values).toEqual(wanted.flat())
    })
  }

  it('gets the events that a dead connection swallowed, before the server notices that it is dead', async () => {
    for (const [, kinds] of transports) {
      const mark = `m${++marks}`
      await using proxy = await openProxy()
      await using client = await socketIo(proxy.url, { transports: [...kinds] })
      await until(() => client.socket.io.engine.transport.name === kinds.at(-1))
      await post(numbered(1, 1, mark))
      await until(() => idsOf(client).length === 1)
      await untilConfirmed(client)
      proxy.blackHole()
      await post(numbered(2, 20, mark))
      // The client notices first, as after a change of its network.
      client.socket.io.engine.close()
      await until(() => !client.socket.connected)
      await untilReconnected(client)
      await post(numbered(21, 21, mark))
      await until(() => idsOf(client).includes(`${mark}-21`))
      expect([kinds, ...idsOf(client)]).toEqual([kinds, ...numbered(1, 21, mark)])
    }
  })

  it('gets the board when it missed more than the ring holds, and counts as not recovered', async () => {
    await using proxy = await openProxy()
    await using client = await socketIo(proxy.url, { transports: ['websocket'] })
    publishers.publishMarketUpdate({ sectorId: 'tech-001', value: 1 })
    await until(() => client.received.length === 1)
    await untilConfirmed(client)
    proxy.cut()
    await until(() => !client.socket.connected)
    for (let value = 2; value < 2_200; value++) publishers.publishMarketUpdate({ sectorId: 'tech-001', value })
    await channels.flush()
    proxy.restore()
    await untilReconnected(client)
    await until(() => client.received.length === 2)
    expect(client.received[1]?.event).toBe('market:snapshot')
    expect(client.socket.recovered).toBe(false)
    publishers.publishMarketUpdate({ sectorId: 'tech-001', value: 3_000 })
    await until(() => valuesIn(client.received).at(-1) === 3_000)
    expect(client.received).toHaveLength(3)
  })

  it('gets the board from a restarted server, which does not know it', async () => {
    const first = await openTestbed()
    const { port } = first.server
    await using client = await socketIo(first.url)
    await first.server.drain()
    await until(() => !client.socket.connected)
    await using _second = await openTestbed({ PORT: String(port) })
    await untilReconnected(client)
    await until(() => client.received.length > 0)
    expect(client.received[0]?.event).toBe('market:snapshot')
    expect(client.socket.recovered).toBe(false)
    await first[Symbol.asyncDispose]()
  })
})

describe('the progress of a client that left', () => {
  const progress = { seq: 7, scopes: null }
  const client = (userId: string | null) => ({ userId, disconnect: () => progress })

  it('is given once, to the same user, within two minutes', () => {
    let now = 0
    const clients = new ReturningClients(() => now)
    for (const id of ['a', 'b', 'c']) {
      const present = client('mira')
      clients.arrived(id, present)
      clients.departed(id, present, progress)
    }
    expect(clients.take('a', 'eve')).toBeNull()
    expect(clients.take('a', null)).toBeNull()
    expect(clients.take('a', 'mira')).toEqual(progress)
    expect(clients.take('a', 'mira')).toBeNull()
    now = 119_000
    expect(clients.take('b', 'mira')).toEqual(progress)
    now = 121_000
    expect(clients.take('c', 'mira')).toBeNull()
  })

  it('is kept for the newest 10,000 clients, and a replaced connection does not overwrite it', () => {
    const clients = new ReturningClients(() => 0)
    for (let n = 0; n < 10_001; n++) {
      const present = client(null)
      clients.arrived(`id-${n}`, present)
      clients.departed(`id-${n}`, present, progress)
    }
    expect(clients.take('id-0', null)).toBeNull()
    expect(clients.take('id-1', null)).toEqual(progress)
    const [old, young] = [client(null), client(null)]
    clients.arrived('x', old)
    expect(clients.take('x', null)).toEqual(progress)
    clients.arrived('x', young)
    clients.departed('x', old, { seq: 1, scopes: null })
    expect(clients.take('x', null)).toEqual(progress)
  })
})
