// The market with a real Redis and a real PostgreSQL.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { RedisPubSub } from '@tablecast/bus/redis'
import { immediatePublishersOn } from '@tablecast/market-sim'
import { startPostgres, startRedis, type TestPostgres } from '@tablecast/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rest } from '../../testing/rest.ts'
import { newKey, openTestbed, until } from '../../testing/testbed.ts'
import { follow, type ReceivedEvent, socketIo, valuesIn } from './testing.ts'

type Testbed = Awaited<ReturnType<typeof openTestbed>>
const SECRET = 'a secret of at least thirty-two characters'
const at = '2025-01-15T10:30:00.000Z'

/** The messages of the document, unchanged. */
const documented: [channel: string, event: string, payload: unknown][] = [
  ['market_updates', 'market:update', { sectorId: 'tech-001', value: 1250.5, timestamp: at }],
  [
    'sector_candles',
    'sector:candle_update',
    {
      sectorId: 'tech-001',
      candle: { timestamp: at, value: 1250.5, open: 1245, high: 1255, low: 1240, close: 1250.5 },
    },
  ],
  [
    'discussion_messages',
    'discussion:new_message',
    {
      discussionId: 'disc-123',
      message: {
        id: 'msg-456',
        content: 'I think we should buy more tech stocks',
        authorId: 'agent-789',
        authorName: 'TradingBot',
        timestamp: at,
        type: 'text',
      },
    },
  ],
  ['agent_status', 'agent:status_update', { agentId: 'agent-789', sectorId: 'tech-001', status: 'active' }],
]

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres[Symbol.asyncDispose]())

const untilConnected = async (testbed: Testbed) =>
  until(async () => (await testbed.anonymous.ops.health.query()).redis_connected)

const open = async (environment: Record<string, string>, databaseUrl?: string) => {
  const testbed = await openTestbed({
    DATABASE_URL: databaseUrl ?? (await postgres.createDatabase()),
    SESSION_SECRET: SECRET,
    MARKET_SAMPLE: 'true',
    ...environment,
  })
  if (environment['REDIS_URL']) await untilConnected(testbed)
  return testbed
}

describe('the documented market', () => {
  it.each([['websocket'], ['polling']])(
    'delivers each channel published with redis-cli as its event, over %s',
    async (transport) => {
      await using redis = await startRedis()
      await using testbed = await open({ REDIS_URL: `${redis.url}/0` })
      await using client = await socketIo(testbed.url, { transports: [transport] })
      for (const [channel, , payload] of documented)
        expect(await redis.cli('publish', channel, JSON.stringify(payload))).toBe('1')
      await until(() => client.received.length === documented.length)
      expect(client.received).toEqual(documented.map(([, event, data]) => ({ event, data })))
      expect(await testbed.anonymous.ops.health.query()).toMatchObject({
        status: 'ok',
        redis_connected: true,
        redis_url: `${redis.url}/0`,
        market: { channels: 'redis', relayed: 4, dropped: 0 },
      })
      // The database has the same values as the events.
      await until(async () => {
        const { messages } = await testbed.anonymous.market.messages.query({ discussionId: 'disc-123' })
        return messages.length === 1
      })
      expect(await rest(testbed.url, 'GET', '/api/sectors/tech-001')).toMatchObject({ body: { value: 1250.5 } })
      expect(await rest(testbed.url, 'GET', '/api/agents/agent-789')).toMatchObject({ body: { status: 'active' } })
      const span = 'from=2025-01-15T10:30:00Z&to=2025-01-15T10:31:00Z'
      expect(await rest(testbed.url, 'GET', `/api/sectors/tech-001/candles?${span}`)).toMatchObject({
        body: { candles: [{ timestamp: at, value: 1250.5, open: 1245, high: 1255, low: 1240, close: 1250.5 }] },
      })
    },
  )

  it('serves the client of the document, which logs each event', async () => {
    await using redis = await startRedis()
    await using testbed = await open({ REDIS_URL: redis.url })
    const example = `
import { io } from 'socket.io-client';

const socket = io('${testbed.url.replace('127.0.0.1', 'localhost')}', {
  path: '/socket.io/'
});

socket.on('connect', () => {
  console.log('Connected to MAX realtime server');
});

socket.on('market:update', (data) => {
  console.log('Market update:', data);
});

socket.on('sector:candle_update', (data) => {
  console.log('Candle update:', data);
});

socket.on('discussion:new_message', (data) => {
  console.log('New message:', data);
});

socket.on('agent:status_update', (data) => {
  console.log('Agent status:', data);
});
`
    const child = spawn('node', ['--dns-result-order=ipv4first', '--input-type=module', '-e', example], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let printed = ''
    child.stdout.on('data', (part) => (printed += String(part)))
    await until(() => printed.includes('Connected to MAX realtime server'))
    for (const [channel, , payload] of documented) await redis.cli('publish', channel, JSON.stringify(payload))
    for (const line of ['Market update:', 'Candle update:', 'New message:', 'Agent status:'])
      await until(() => printed.includes(line))
    expect(printed).toContain("content: 'I think we should buy more tech stocks'")
    const exited = once(child, 'exit')
    child.kill()
    await exited
  })
})

describe('two nodes of the market', () => {
  it('deliver each message once to each client, from either node', async () => {
    await using redis = await startRedis()
    const database = await postgres.createDatabase()
    await using one = await open({ REDIS_URL: redis.url }, database)
    await using two = await open({ REDIS_URL: redis.url }, database)
    const clients = await Promise.all(
      [one, two].flatMap(({ url }) => [
        socketIo(url, { transports: ['websocket'] }),
        socketIo(url, { transports: ['polling'] }),
      ]),
    )
    const watchers = await Promise.all([one, two].map(async (node) => (await node.signIn('W')).socket()))
    const followed = watchers.map((client) => follow(client))
    await until(() => followed.every(({ events }) => events.length > 0))
    await using worker = new RedisPubSub({ url: redis.url, name: 'worker' })
    await until(() => worker.isConnected)
    const publishers = immediatePublishersOn(worker)
    for (let value = 1; value <= 300; value++) publishers.publishMarketUpdate({ sectorId: 'tech-001', value })
    const posted: string[] = []
    for (let n = 0; n < 20; n++) {
      const { body } = await rest([one, two][n % 2]?.url ?? '', 'POST', '/api/discussions/disc-123/messages', {
        content: `no. ${n}`,
      })
      posted.push((body as { id: string }).id)
    }
    const wanted = Array.from({ length: 300 }, (_, n) => n + 1)
    const ids = (received: readonly ReceivedEvent[]) =>
      received.flatMap(({ event, data }) =>
        event === 'discussion:new_message' ? [(data as { message: { id: string } }).message.id] : [],
      )
    await until(() => clients.every(({ received }) => received.length >= 320))
    for (const { received } of clients) {
      expect(valuesIn(received)).toEqual(wanted)
      expect(ids(received).toSorted()).toEqual(posted.toSorted())
    }
    for (const { events, stop } of followed) {
      const received = events.map(({ type, data }) => ({ event: type, data }))
      await until(() => ids(events.map(({ type, data }) => ({ event: type, data }))).length >= 20)
      expect(valuesIn(received)).toEqual(wanted)
      expect(ids(events.map(({ type, data }) => ({ event: type, data }))).toSorted()).toEqual(posted.toSorted())
      stop()
    }
    // A list that changes on one node changes on the other.
    await rest(one.url, 'POST', '/api/sectors', { id: 'late-1', name: 'Late' })
    await until(async () => (await two.anonymous.market.board.query()).sectors.some(({ id }) => id === 'late-1'))
    for (const client of [...clients, ...watchers]) await client[Symbol.asyncDispose]()
  })
})

describe('the market without Redis', () => {
  it('shows as degraded, still stores messages, and delivers each once to the other node after Redis is back', async () => {
    await using redis = await startRedis()
    const database = await postgres.createDatabase()
    await using one = await open({ REDIS_URL: redis.url }, database)
    await using two = await open({ REDIS_URL: redis.url }, database)
    await using here = await socketIo(one.url)
    await using there = await socketIo(two.url)
    const user = await one.signIn('Mira')
    await redis.stop()
    await until(async () => (await one.anonymous.ops.health.query()).status === 'degraded')
    expect(await one.anonymous.ops.health.query()).toMatchObject({ redis_connected: false, database: 'postgres' })
    expect((await fetch(`${one.url}/health`)).status).toBe(200)
    expect((await fetch(`${one.url}/health/ready`)).status).toBe(200)
    // The message is stored, and clients of the same node get it at once.
    const { message } = await user.http.market.post.mutate({
      key: newKey(),
      discussionId: 'disc-123',
      content: 'Is anybody there?',
    })
    await until(() => here.received.length === 1)
    expect(there.received).toEqual([])
    expect((await two.anonymous.market.messages.query({ discussionId: 'disc-123' })).messages).toEqual([message])
    // Lists still change.
    expect(await rest(one.url, 'PATCH', '/api/sectors/tech-001', { name: 'Renamed' })).toMatchObject({ status: 200 })
    await redis.start()
    for (const node of [one, two]) await untilConnected(node)
    await until(() => there.received.length === 1)
    await redis.cli('publish', 'market_updates', JSON.stringify({ indexValue: 1, timestamp: at }))
    await until(() => here.received.length === 2 && there.received.length === 2)
    for (const { received } of [here, there]) {
      expect(received.map(({ event }) => event)).toEqual(['discussion:new_message', 'market:update'])
      expect(received[0]?.data).toMatchObject({ discussionId: 'disc-123', message })
    }
    await until(async () => (await two.anonymous.market.board.query()).sectors.some(({ name }) => name === 'Renamed'))
    await until(async () => (await one.anonymous.market.status.query()).waiting === 0)
  })

  it('starts, and gets messages from the channels once Redis is there', async () => {
    await using placeholder = await startRedis()
    const { port } = placeholder
    await placeholder.stop()
    await using testbed = await openTestbed({ REDIS_URL: `redis://127.0.0.1:${port}` })
    await using client = await socketIo(testbed.url)
    expect((await testbed.anonymous.ops.health.query()).status).toBe('degraded')
    await placeholder.start()
    await untilConnected(testbed)
    await placeholder.cli('publish', 'agent_status', '{"agentId":"a","status":"idle"}')
    await until(() => client.received.length === 1)
  })
})

describe('the market without PostgreSQL', () => {
  it('answers reads and writes with 503, delivers live events, and records them once PostgreSQL is back', async () => {
    await using own = await startPostgres()
    await using redis = await startRedis()
    await using testbed = await open({ REDIS_URL: redis.url }, await own.createDatabase())
    await using client = await socketIo(testbed.url)
    await own.stop()
    const down = { status: 503, body: { error: { code: 'UNAVAILABLE' } }, retryAfter: '1' }
    for (const path of [
      '/api/sectors',
      '/api/sectors/tech-001',
      '/api/sectors/tech-001/candles',
      '/api/discussions/disc-123/messages',
    ])
      expect(await rest(testbed.url, 'GET', path)).toMatchObject(down)
    expect(await rest(testbed.url, 'POST', '/api/discussions/disc-123/messages', { content: 'lost' })).toMatchObject(
      down,
    )
    expect(await rest(testbed.url, 'PATCH', '/api/sectors/tech-001', { name: 'Lost' })).toMatchObject(down)
    expect(await rest(testbed.url, 'POST', '/api/agents', { name: 'Lost' })).toMatchObject(down)
    expect((await fetch(`${testbed.url}/health/ready`)).status).toBe(503)
    expect((await testbed.anonymous.ops.health.query()).status).toBe('degraded')
    // Live events need no database. Their values wait to be recorded.
    await redis.cli(
      'publish',
      'market_updates',
      JSON.stringify({ sectorId: 'tech-001', value: 4_321.5, timestamp: at }),
    )
    await until(() => client.received.length === 1)
    await own.start()
    await until(async () => (await rest(testbed.url, 'GET', '/api/sectors/tech-001')).status === 200)
    expect(await rest(testbed.url, 'GET', '/api/sectors/tech-001')).toMatchObject({ body: { name: 'Automata' } })
    expect(await testbed.anonymous.market.messages.query({ discussionId: 'disc-123' })).toMatchObject({ messages: [] })
    expect(await rest(testbed.url, 'POST', '/api/discussions/disc-123/messages', { content: 'kept' })).toMatchObject({
      status: 201,
    })
    await until(async () => {
      const { body } = await rest(testbed.url, 'GET', '/api/sectors/tech-001')
      return (body as { value: number }).value === 4_321.5
    })
    await until(() => client.received.length === 2)
    expect(client.received[1]?.event).toBe('discussion:new_message')
  })
})

describe('the simulator as a separate process', () => {
  it('moves the market at 300 messages a second, and every message is delivered and recorded', async () => {
    await using redis = await startRedis()
    await using testbed = await open({ REDIS_URL: redis.url })
    await using worker = new RedisPubSub({ url: redis.url, name: 'counter' })
    const published: string[] = []
    for (const channel of ['market_updates', 'sector_candles', 'discussion_messages', 'agent_status'])
      worker.subscribe(channel, ({ text }) => published.push(text))
    await until(() => worker.isConnected)
    await worker.flush()
    const clients = await Promise.all(
      Array.from({ length: 10 }, (_, n) => socketIo(testbed.url, { transports: [n % 2 ? 'websocket' : 'polling'] })),
    )
    const watcher = await (await testbed.signIn('W')).socket()
    const followed = follow(watcher)
    await until(() => followed.events.length > 0)
    const simulator = spawn('node', ['packages/market-sim/src/main.ts'], {
      cwd: new URL('../../../../../', import.meta.url).pathname,
      env: { ...process.env, REDIS_URL: redis.url, MARKET_SIM_RATE: '300' },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await once(simulator.stdout, 'data')
    await until(() => published.length >= 1_000)
    const exited = once(simulator, 'exit')
    simulator.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
    await worker.flush()
    const wanted = published.map((text) => JSON.parse(text) as unknown)
    await until(() => clients.every(({ received }) => received.length >= wanted.length))
    for (const { received } of clients) expect(received.map(({ data }) => data)).toEqual(wanted)
    const delivered = () => followed.events.filter(({ type }) => type !== 'market:snapshot' && type !== 'market:board')
    await until(() => delivered().length >= wanted.length)
    expect(delivered().map(({ data }) => data)).toEqual(wanted)
    const board = await testbed.anonymous.market.board.query()
    await until(async () => {
      const { body } = await rest(testbed.url, 'GET', '/api/sectors')
      const stored = new Map(
        (body as { sectors: { id: string; value: number }[] }).sectors.map(({ id, value }) => [id, value]),
      )
      return board.sectors.every(({ id, value }) => stored.get(id) === value)
    })
    for (const client of [...clients, watcher]) await client[Symbol.asyncDispose]()
  })
})
