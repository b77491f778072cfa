import { MemoryBus } from '@tablecast/bus'
import { immediatePublishersOn } from '@tablecast/market-sim'
import { TcpProxy } from '@tablecast/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rest } from '../../testing/rest.ts'
import { openTestbed, until } from '../../testing/testbed.ts'
import { Returns } from './socket-io-returns.ts'
import { socketIo, type SocketIoClient, valuesIn } from './testing.ts'

type Testbed = Awaited<ReturnType<typeof openTestbed>>

const told = ({ heard }: SocketIoClient) =>
  heard.flatMap(({ event, data }) =>
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

  /** A way to the server that can be cut, and be made to swallow what passes. */
  async function openWay() {
    let isOpen = true
    const way = await TcpProxy.listen({ route: () => (isOpen ? [testbed.server.port] : []) })
    return {
      url: `http://127.0.0.1:${way.port}`,
      cut() {
        isOpen = false
        way.cut()
      },
      restore: () => void (isOpen = true),
      /** Connections that are open pass nothing any more, and nobody is told; new ones do. */
      blackHole() {
        for (const connection of way.connections) connection.freeze()
      },
      [Symbol.asyncDispose]: () => way[Symbol.asyncDispose](),
    }
  }

  const post = async (ids: readonly string[], discussion = 'disc-123') => {
    for (const id of ids) {
      const path = `/api/discussions/${discussion}/messages`
      expect((await rest(testbed.url, 'POST', path, { id, content: id })).status).toBe(201)
    }
  }
  /** The client has answered for what it heard before this. */
  const settled = (client: SocketIoClient) => client.ask('unsubscribe:sector', 'none')
  const returned = (client: SocketIoClient) => until(() => client.socket.connected)

  for (const [name, kinds] of transports) {
    it(`hears once what was said while it was away, and in order, over ${name}`, async () => {
      const mark = `m${++marks}`
      await using way = await openWay()
      await using client = await socketIo(way.url, { transports: [...kinds] })
      await until(() => client.socket.io.engine.transport.name === kinds.at(-1))
      await post(numbered(1, 1, mark))
      await until(() => told(client).length === 1)
      await settled(client)
      way.cut()
      await until(() => !client.socket.connected)
      await post(numbered(2, 40, mark))
      publishers.publishMarketUpdate({ sectorId: 'tech-001', value: 7 })
      way.restore()
      await returned(client)
      expect(client.socket.recovered).toBe(true)
      await post(numbered(41, 42, mark))
      await until(() => told(client).length >= 42)
      expect(told(client)).toEqual(numbered(1, 42, mark))
      expect(valuesIn(client.heard)).toEqual([7])
    })

    it(`goes on with what it follows, and with nothing else, over ${name}`, async () => {
      const mark = `m${++marks}`
      await using way = await openWay()
      await using client = await socketIo(way.url, { transports: [...kinds] })
      await until(() => client.socket.io.engine.transport.name === kinds.at(-1))
      await client.ask('subscribe:discussion', 'disc-123')
      await client.ask('subscribe:sector', 'energy-001')
      await post(numbered(1, 1, mark))
      await until(() => told(client).length === 1)
      await settled(client)
      way.cut()
      await until(() => !client.socket.connected)
      for (let n = 2; n <= 10; n++) {
        await post([`${mark}-${n}`])
        await post([`${mark}-other-${n}`], 'disc-124')
        publishers.publishMarketUpdate({ sectorId: 'tech-001', value: n })
        publishers.publishMarketUpdate({ sectorId: 'energy-001', value: n })
        publishers.publishMarketUpdate({ indexValue: n })
      }
      way.restore()
      await returned(client)
      await post([`${mark}-other-11`], 'disc-124')
      await post([`${mark}-11`])
      await until(() => told(client).length >= 11)
      expect(told(client)).toEqual(numbered(1, 11, mark))
      const values = client.heard.flatMap(({ event, data }) => (event === 'market:update' ? [data] : []))
      const wanted = Array.from({ length: 9 }, (_, n) => [
        expect.objectContaining({ sectorId: 'energy-001', value: n + 2 }) as unknown,
        expect.objectContaining({ indexValue: n + 2 }) as unknown,
      ])
      expect(values).toEqual(wanted.flat())
    })
  }

  it('hears what a dead connection swallowed, though the server has not noticed that it is dead', async () => {
    for (const [, kinds] of transports) {
      const mark = `m${++marks}`
      await using way = await openWay()
      await using client = await socketIo(way.url, { transports: [...kinds] })
      await until(() => client.socket.io.engine.transport.name === kinds.at(-1))
      await post(numbered(1, 1, mark))
      await until(() => told(client).length === 1)
      await settled(client)
      way.blackHole()
      await post(numbered(2, 20, mark))
      // The client notices: its network has changed.
      client.socket.io.engine.close()
      await until(() => !client.socket.connected)
      await returned(client)
      await post(numbered(21, 21, mark))
      await until(() => told(client).includes(`${mark}-21`))
      expect([kinds, ...told(client)]).toEqual([kinds, ...numbered(1, 21, mark)])
    }
  })

  it('gets the board when more came than is kept, and is told that it was not found again', async () => {
    await using way = await openWay()
    await using client = await socketIo(way.url, { transports: ['websocket'] })
    publishers.publishMarketUpdate({ sectorId: 'tech-001', value: 1 })
    await until(() => client.heard.length === 1)
    await settled(client)
    way.cut()
    await until(() => !client.socket.connected)
    for (let value = 2; value < 2_200; value++) publishers.publishMarketUpdate({ sectorId: 'tech-001', value })
    await channels.flush()
    way.restore()
    await returned(client)
    await until(() => client.heard.length === 2)
    expect(client.heard[1]?.event).toBe('market:snapshot')
    expect(client.socket.recovered).toBe(false)
    publishers.publishMarketUpdate({ sectorId: 'tech-001', value: 3_000 })
    await until(() => valuesIn(client.heard).at(-1) === 3_000)
    expect(client.heard).toHaveLength(3)
  })

  it('gets the board from a server that does not know it', async () => {
    const first = await openTestbed()
    const { port } = first.server
    await using client = await socketIo(first.url)
    await first.server.drain()
    await until(() => !client.socket.connected)
    await using _second = await openTestbed({ PORT: String(port) })
    await returned(client)
    await until(() => client.heard.length > 0)
    expect(client.heard[0]?.event).toBe('market:snapshot')
    expect(client.socket.recovered).toBe(false)
    await first[Symbol.asyncDispose]()
  })
})

describe('places of clients that left', () => {
  const left = { place: 7, scopes: null }
  const client = (userId: string | null) => ({ userId, leave: () => left })

  it('are for the same user alone, once, and for two minutes', () => {
    let now = 0
    const returns = new Returns(() => now)
    for (const id of ['a', 'b', 'c']) {
      const present = client('mira')
      returns.arrived(id, present)
      returns.departed(id, present, left)
    }
    expect(returns.take('a', 'eve')).toBeNull()
    expect(returns.take('a', null)).toBeNull()
    expect(returns.take('a', 'mira')).toEqual(left)
    expect(returns.take('a', 'mira')).toBeNull()
    now = 119_000
    expect(returns.take('b', 'mira')).toEqual(left)
    now = 121_000
    expect(returns.take('c', 'mira')).toBeNull()
  })

  it('are remembered of so many and no more, and never of one whose place was taken', () => {
    const returns = new Returns(() => 0)
    for (let n = 0; n < 10_001; n++) {
      const present = client(null)
      returns.arrived(`id-${n}`, present)
      returns.departed(`id-${n}`, present, left)
    }
    expect(returns.take('id-0', null)).toBeNull()
    expect(returns.take('id-1', null)).toEqual(left)
    const [old, young] = [client(null), client(null)]
    returns.arrived('x', old)
    expect(returns.take('x', null)).toEqual(left)
    returns.arrived('x', young)
    returns.departed('x', old, { place: 1, scopes: null })
    expect(returns.take('x', null)).toEqual(left)
  })
})
