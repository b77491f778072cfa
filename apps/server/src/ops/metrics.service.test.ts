import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { MemoryBus } from '@tablecast/bus'
import { openStore } from '@tablecast/store'
import { clientFrame, rawWebSocket, startNats } from '@tablecast/testing'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { Exposition, scrape } from '../testing/exposition.ts'
import { openIssuer } from '../testing/issuer.ts'
import { rest } from '../testing/rest.ts'
import { newKey, openTestbed, type TestUser, until } from '../testing/testbed.ts'
import { isFromHere } from './metrics-http.ts'

/** The WebSocket frames that a bare TCP socket reads after the handshake. */
class Frames {
  readonly socket: Socket
  #read = Buffer.alloc(0)

  constructor(port: number, path: string) {
    this.socket = rawWebSocket(port, path)
    this.socket.on('data', (part) => (this.#read = Buffer.concat([this.#read, part])))
  }

  get isOpen(): boolean {
    return this.#read.includes('\r\n\r\n')
  }

  get bytes(): Buffer {
    return this.#read.subarray(this.#read.indexOf('\r\n\r\n') + 4)
  }

  /** The texts of whole frames (RFC 6455 §5.2, unmasked). */
  get texts(): string[] {
    const texts: string[] = []
    for (let rest = this.bytes; rest.length >= 2;) {
      const short = (rest[1] ?? 0) & 0x7f
      const [head, length] =
        short < 126
          ? [2, short]
          : short === 126
            ? [4, rest.length < 4 ? Infinity : rest.readUInt16BE(2)]
            : [10, rest.length < 10 ? Infinity : Number(rest.readBigUInt64BE(2))]
      if (rest.length < head + length) break
      texts.push(rest.subarray(head, head + length).toString())
      rest = rest.subarray(head + length)
    }
    return texts
  }
}

describe('The metrics of a node', () => {
  const bus = new MemoryBus()
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  let dm: TestUser
  beforeAll(async () => {
    testbed = await openTestbed(
      { QUEUE_SIZE: '4', RING_SIZE: '4', MAX_BUFFERED_BYTES: '65536', MARKET_SAMPLE: 'true' },
      { bus },
    )
    dm = await testbed.join('DM', 'owner')
  })
  afterAll(async () => {
    await testbed[Symbol.asyncDispose]()
    await bus[Symbol.asyncDispose]()
  })

  const port = () => testbed.server.port
  const signal = (n: number) => bus.publish('levels.signals', JSON.stringify({ n, text: 'é'.repeat(n) }))

  it('count each event, delivery and byte of a plain socket, to the byte', async () => {
    const before = await scrape(testbed.url)
    const frames = new Frames(port(), '/ws/stream')
    await until(() => frames.isOpen)
    for (let n = 1; n <= 5; n++) {
      signal(n * 60)
      await until(() => frames.texts.length === n)
    }
    const after = await scrape(testbed.url)
    const grew = (name: string, labels = {}) => after.sum(name, labels) - before.sum(name, labels)
    expect({
      events: grew('tablecast_events_total', { stage: 'signals' }),
      deliveries: grew('tablecast_deliveries_total', { stage: 'signals', transport: 'plain' }),
      bytes: grew('tablecast_sent_bytes_total', { stage: 'signals', transport: 'plain' }),
      flushes: grew('tablecast_fan_out_seconds_count', { stage: 'signals' }),
      delays: grew('tablecast_delivery_seconds_count', { stage: 'signals' }),
    }).toEqual({ events: 5, deliveries: 5, bytes: frames.bytes.length, flushes: 5, delays: 5 })
    expect(after.sum('tablecast_subscribers', { stage: 'signals', transport: 'plain' })).toBe(1)
    expect(after.sum('tablecast_connections', { transport: 'plain' })).toBe(1)
    frames.socket.destroy()
    await until(async () => (await scrape(testbed.url)).sum('tablecast_connections', { transport: 'plain' }) === 0)
    const gone = await scrape(testbed.url)
    expect(gone.sum('tablecast_disconnects_total', { reason: 'lost' })).toBe(1)
    expect(gone.sum('tablecast_subscribers', { stage: 'signals' })).toBe(0)
  })

  it('count snapshots, replays and reconnects of the campaign, and measure from the commit', async () => {
    const stage = { stage: 'campaign' }
    const before = await scrape(testbed.url)
    const [first, second] = [await testbed.join('A', 'player'), await testbed.join('B', 'player')]
    const received: { id: string }[] = []
    await using one = await first.socket()
    await using two = await second.socket()
    const follow = ({ trpc }: typeof one, lastEventId: string | null) =>
      trpc.campaign.events.subscribe({ roomId: 'main', lastEventId }, { onData: (event) => void received.push(event) })
    const following = follow(one, null)
    follow(two, null)
    await until(() => received.length === 2)
    const position = received[0]?.id ?? ''
    const say = (message: string) => dm.http.campaign.say.mutate({ roomId: 'main', key: newKey(), message })
    for (let n = 1; n <= 3; n++) {
      await say(`Word ${n}`)
      await until(() => received.length === 2 + 2 * n)
    }
    following.unsubscribe()
    const again: unknown[] = []
    await using three = await first.socket()
    three.trpc.campaign.events.subscribe(
      { roomId: 'main', lastEventId: position },
      { onData: (event) => void again.push(event) },
    )
    await until(() => again.length === 3)
    const after = await scrape(testbed.url)
    const grew = (name: string, labels = {}) => after.sum(name, labels) - before.sum(name, labels)
    expect({
      events: grew('tablecast_events_total', stage),
      deliveries: grew('tablecast_deliveries_total', { ...stage, transport: 'trpc' }),
      snapshots: grew('tablecast_snapshots_total', stage),
      replayed: grew('tablecast_replayed_events_total', stage),
      reconnects: grew('tablecast_reconnects_total', stage),
      delays: grew('tablecast_delivery_seconds_count', stage),
      mutations: grew('tablecast_call_seconds_count', { type: 'mutation' }),
    }).toEqual({
      events: 3,
      deliveries: received.length + again.length,
      snapshots: 2,
      replayed: 3,
      reconnects: 1,
      delays: 3,
      // Two guests sign in, two members join, the DM says three messages.
      mutations: 7,
    })
    expect(grew('tablecast_transaction_seconds_count', { kind: 'write' })).toBeGreaterThanOrEqual(5)
    expect(after.sum('tablecast_rooms_followed')).toBe(1)
    expect(after.sum('tablecast_connections', { transport: 'trpc' })).toBe(3)
    expect(after.sum('tablecast_cursors_behind')).toBe(0)
  })

  it('count what goes out over Socket.IO and over SSE', async () => {
    const market = { stage: 'market', transport: 'socketio' }
    const client = io(testbed.url, { transports: ['websocket'] })
    const packets: unknown[] = []
    client.onAny((...packet) => void packets.push(packet))
    await once(client as never, 'connect')
    const before = await scrape(testbed.url)
    for (let n = 1; n <= 4; n++)
      testbed.server.market.broadcastMarketUpdate({
        sectorId: 'tech-001',
        value: n,
        timestamp: new Date().toISOString(),
      })
    await until(() => packets.length === 4)
    const after = await scrape(testbed.url)
    expect(after.sum('tablecast_deliveries_total', market) - before.sum('tablecast_deliveries_total', market)).toBe(4)
    expect(after.sum('tablecast_connections', { transport: 'socketio' })).toBe(1)
    expect(after.sum('tablecast_subscribers', market)).toBe(1)
    client.close()
    await until(async () => (await scrape(testbed.url)).sum('tablecast_connections', { transport: 'socketio' }) === 0)

    const aborting = new AbortController()
    const input = encodeURIComponent(JSON.stringify({ feed: 'levels' }))
    const response = await fetch(`${testbed.url}/trpc/signals.events?input=${input}`, {
      headers: { accept: 'text/event-stream' },
      signal: aborting.signal,
    })
    let text = ''
    const reading = (async () => {
      for await (const part of response.body ?? []) text += Buffer.from(part).toString()
    })().catch(() => {})
    signal(7_777)
    await until(() => text.includes('7777'))
    const live = await scrape(testbed.url)
    expect(live.sum('tablecast_connections', { transport: 'sse' })).toBe(1)
    expect(live.sum('tablecast_deliveries_total', { stage: 'signals', transport: 'sse' })).toBeGreaterThanOrEqual(1)
    aborting.abort()
    await reading
    await until(async () => (await scrape(testbed.url)).sum('tablecast_connections', { transport: 'sse' }) === 0)
  })

  it('count as many dropped events as the slow subscriber of a topic is informed of', async () => {
    await rest(testbed.url, 'POST', '/topics', { name: 'slow' })
    const frames = new Frames(port(), '/ws')
    frames.socket.write(clientFrame(JSON.stringify({ type: 'subscribe', topic: 'slow', client_id: 'c' })))
    await until(() => frames.texts.length === 1)
    frames.socket.pause()
    const dropped = (found: Exposition) => found.sum('tablecast_dropped_events_total', { stage: 'topics' })
    const behind = async () => (await scrape(testbed.url)).sum('tablecast_cursors_behind', { stage: 'topics' })
    const message = () => ({ topic: 'slow', message: { id: crypto.randomUUID(), payload: 'x'.repeat(100_000) } })
    // Publish until all buffers on the way are full, and then more messages than the ring keeps.
    while ((await behind()) === 0) await dm.http.topics.publish.mutate(message())
    for (let n = 0; n < 8; n++) await dm.http.topics.publish.mutate(message())
    expect((await scrape(testbed.url)).sum('tablecast_cursor_lag_events', { stage: 'topics' })).toBeGreaterThan(4)
    frames.socket.resume()
    await until(async () => (await behind()) === 0)
    const last = { ...message(), message: { id: crypto.randomUUID(), payload: 'last' } }
    await dm.http.topics.publish.mutate(last)
    await until(() => frames.texts.some((text) => text.includes(last.message.id)))
    const announced = frames.texts
      .map((text) => JSON.parse(text) as { msg?: string; count?: number })
      .filter(({ msg }) => msg === 'dropped')
      .reduce((sum, { count = 0 }) => sum + count, 0)
    expect(announced).toBeGreaterThan(0)
    expect(dropped(await scrape(testbed.url))).toBe(announced)
    frames.socket.destroy()
  })

  it('count errors by code, once each, and refused connections by reason', async () => {
    const before = await scrape(testbed.url)
    await testbed.anonymous.rooms.list.query().catch(() => null)
    await rest(testbed.url, 'DELETE', '/topics/nothing')
    const frames = new Frames(port(), '/ws/stream')
    await until(() => frames.isOpen)
    frames.socket.write(clientFrame('no JSON'))
    await until(() => frames.texts.some((text) => text.includes('BAD_REQUEST')))
    for (const [path, origin] of [
      ['/nowhere', undefined],
      ['/trpc', 'http://evil.example'],
    ] as const) {
      const socket = new WebSocket(testbed.wsUrl + path, origin === undefined ? {} : { origin })
      await once(socket, 'error')
    }
    const after = await scrape(testbed.url)
    const grew = (name: string, labels: Record<string, string>) => after.sum(name, labels) - before.sum(name, labels)
    const codes = ['UNAUTHORIZED', 'TOPIC_NOT_FOUND', 'BAD_REQUEST', 'INTERNAL']
    expect(codes.map((code) => grew('tablecast_errors_total', { code }))).toEqual([1, 1, 1, 0])
    const reasons = ['not_found', 'origin']
    expect(reasons.map((reason) => grew('tablecast_refused_upgrades_total', { reason }))).toEqual([1, 1])
    frames.socket.destroy()
  })

  it('are the same in the sample as on /metrics, and the buckets add up', async () => {
    const [sample, scraped] = [await testbed.server.metrics.sample(), await scrape(testbed.url)]
    for (const [stage, sampled] of Object.entries(sample.stages)) {
      expect([stage, sampled.events]).toEqual([stage, scraped.sum('tablecast_events_total', { stage })])
      expect([stage, sampled.bytes]).toEqual([stage, scraped.sum('tablecast_sent_bytes_total', { stage })])
      expect([stage, sampled.fanOut.count]).toEqual([stage, scraped.sum('tablecast_fan_out_seconds_count', { stage })])
      expect(sampled.fanOut.buckets.reduce((sum, one) => sum + one, 0)).toBe(sampled.fanOut.count)
    }
    expect(sample.stages.campaign.delivery.p99).toBeGreaterThan(0)
    expect(sample).toMatchObject({
      readiness: 'ready',
      database: { kind: 'sqlite', isUp: true },
      bus: { kind: 'memory' },
    })
    for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds'])
      expect([name, scraped.types.has(name)]).toEqual([name, true])
    expect(scraped.sum('tablecast_database_up', { database: 'sqlite' })).toBe(1)
    expect(scraped.sum('tablecast_ready')).toBe(1)
  })

  it('are hidden from a request that has the headers of a proxy', async () => {
    const statusWith = async (headers: Record<string, string>) =>
      (await rest(testbed.url, 'GET', '/metrics', undefined, headers).catch(() => ({ status: 200 }))).status
    expect(await statusWith({ 'x-forwarded-for': '127.0.0.1' })).toBe(404)
    expect(await statusWith({ forwarded: 'for=127.0.0.1' })).toBe(404)
    expect(await statusWith({})).toBe(200)
  })
})

describe('The metrics of two nodes', () => {
  it('measure a delivery on the node of the player, and count when the bus reconnects', async () => {
    await using nats = await startNats()
    await using store = await openStore({ dataDir: ':memory:' })
    const both = { NATS_URL: nats.url, SESSION_SECRET: 'x'.repeat(32), TOPICS_DURABLE: 'true' }
    await using here = await openTestbed(both, { store })
    await using there = await openTestbed(both, { store })
    const bus = async (url: string) => (await scrape(url)).sum('tablecast_bus_connected', { bus: 'nats' })
    await until(async () => (await bus(here.url)) + (await bus(there.url)) === 2)
    const dm = await here.join('DM', 'owner')
    const player = await here.join('Mira', 'player')
    await using socket = await there.withToken(player.session.token).socket()
    const received: unknown[] = []
    socket.trpc.campaign.events.subscribe(
      { roomId: 'main', lastEventId: null },
      { onData: (event) => void received.push(event) },
    )
    await until(() => received.length === 1)
    const before = [await scrape(here.url), await scrape(there.url)]
    const say = () => dm.http.campaign.say.mutate({ roomId: 'main', key: newKey(), message: 'The bell tolls.' })
    await say()
    await until(() => received.length === 2)
    const after = [await scrape(here.url), await scrape(there.url)]
    const grew = (node: 0 | 1, name: string, labels: Record<string, string>) =>
      (after[node]?.sum(name, labels) ?? 0) - (before[node]?.sum(name, labels) ?? 0)
    const stage = { stage: 'campaign' }
    expect(grew(0, 'tablecast_deliveries_total', stage)).toBe(0)
    expect(grew(1, 'tablecast_deliveries_total', stage)).toBe(1)
    expect(grew(1, 'tablecast_delivery_seconds_count', stage)).toBe(1)
    expect(grew(1, 'tablecast_delivery_seconds_sum', stage)).toBeGreaterThanOrEqual(0)
    expect(grew(0, 'tablecast_bus_messages_total', { direction: 'out' })).toBeGreaterThanOrEqual(2)
    expect(grew(1, 'tablecast_bus_messages_total', { direction: 'in' })).toBeGreaterThanOrEqual(1)

    await nats.stop()
    await until(async () => (await bus(here.url)) + (await bus(there.url)) === 0)
    await nats.start()
    await until(async () => (await bus(here.url)) + (await bus(there.url)) === 2)
    expect((await scrape(here.url)).sum('tablecast_bus_reconnects_total')).toBe(1)
  })
})

describe('The metrics of arrivals', () => {
  it('count the pages that sign in, those that wait for their turn, and those that were not served in time', async () => {
    // Nobody can sign in: the provider takes every connection and answers nothing.
    const silent = createServer()
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    await using issuer = await openIssuer()
    const domain = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    await using testbed = await openTestbed({
      ...issuer.environment,
      AUTH0_DOMAIN: domain,
      MAX_ARRIVALS_AT_ONCE: '1',
    })
    const token = await issuer.sign({ iss: `${domain}/` })
    const sockets = [1, 2, 3, 4, 5].map(() => {
      const socket = rawWebSocket(testbed.server.port, '/trpc?connectionParams=1')
      socket.once('data', () =>
        socket.write(clientFrame(JSON.stringify({ method: 'connectionParams', data: { token } }))),
      )
      return socket
    })
    const arrivals = (found: Exposition) =>
      ['arriving', 'waiting'].map((state) => found.sum('tablecast_arrivals', { state }))
    const overdue = (found: Exposition) => found.sum('tablecast_overdue_arrivals_total')
    await until(async () => {
      const found = await scrape(testbed.url)
      const [arriving = 0, waiting = 0] = arrivals(found)
      return arriving === 1 && waiting > 0
    })
    await until(async () => {
      const found = await scrape(testbed.url)
      return overdue(found) > 0 && arrivals(found).join() === '0,0'
    })
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
})

describe('A request for metrics', () => {
  const here = { remoteAddress: '127.0.0.1', ip: '127.0.0.1', headers: { host: '127.0.0.1:8000' } }
  it.each([
    ['from this machine', here, true],
    ['from this machine, over IPv6', { remoteAddress: '::1', ip: '::1', headers: { host: '[::1]:8000' } }, true],
    ['from this machine, IPv4 in IPv6', { ...here, remoteAddress: '::ffff:127.0.0.1' }, true],
    ['by localhost', { ...here, headers: { host: 'localhost' } }, true],
    ['from elsewhere', { ...here, remoteAddress: '10.0.0.7', ip: '10.0.0.7' }, false],
    ['from elsewhere, with a proxy’s word for it', { ...here, remoteAddress: '10.0.0.7' }, false],
    ['through a proxy on this machine', { ...here, ip: '10.0.0.7' }, false],
    ['with an invented header', { ...here, headers: { ...here.headers, 'x-forwarded-for': '127.0.0.1' } }, false],
    ['through a proxy that says only who it is', { ...here, headers: { ...here.headers, via: '1.1 proxy' } }, false],
    ['by a stranger’s name that points here', { ...here, headers: { host: 'evil.example' } }, false],
    ['without a name', { ...here, headers: {} }, false],
  ])('%s: %j is answered: %s', (_from, request, isHere) => {
    expect(isFromHere(request)).toBe(isHere)
  })
})

describe('A separate port for metrics', () => {
  it('serves metrics to every client until the node is drained, while the main port serves none', async () => {
    await using testbed = await openTestbed({ METRICS_PORT: '0' })
    const own = `http://127.0.0.1:${testbed.server.metricsPort}`
    expect((await scrape(own)).sum('tablecast_ready')).toBe(1)
    expect((await fetch(`${testbed.url}/metrics`)).status).toBe(404)
    expect((await fetch(`${own}/health`)).status).toBe(404)
    expect((await fetch(`${own}/metrics`, { method: 'POST' })).status).toBe(404)
    await testbed.server.drain()
    await expect(fetch(`${own}/metrics`)).rejects.toThrow()
  })
})
