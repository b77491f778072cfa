// One of the compared servers in Node. It sends events for the given time, each after the sockets have taken the previous one. It
// answers with the number of deliveries and their cost.
import { EventEmitter, on, once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Channel, Hub, type OverflowPolicy } from '@tablecast/hub'
import {
  Arrivals,
  ChannelStream,
  createMetrics,
  encodeArenaEvent,
  KeepAlive,
  plainForm,
  SocketSink,
  tallyOf,
  textFrame,
  TrpcSockets,
  type WireForm,
} from '@tablecast/server/bench'
import { initTRPC, tracked } from '@trpc/server'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { Server as SocketIo } from 'socket.io'
import { WebSocketServer } from 'ws'
import type { Ask } from '../probe.ts'
import { eventOf } from './event.ts'
import type { Measurement, NodeServer } from './peers.ts'

const [name, size] = process.argv.slice(2) as [NodeServer, string]
const text = eventOf(Number(size))

const http = createServer()
const tcp = new Set<Socket>()
http.on('connection', (socket) => {
  tcp.add(socket)
  // One listener for all, so that a bare `ws` is measured, and not this file.
  socket.on('close', forget)
})
function forget(this: Socket): void {
  tcp.delete(this)
}

const asItIs: WireForm = { form: 'plain', encode: ({ text: whole }) => whole }

/** Congested subscribers of these servers skip events. So the sent events count, not the published ones. */
const mayDrop = name === 'signals' || name === 'topics'

type Publish = (count: number) => void

const servers: Record<NodeServer, (server: HttpServer) => Publish | Promise<Publish>> = {
  async campaign(server) {
    const { observe } = metrics()
    const hub = new Hub({}, observe)
    const channel = await hub.open('room:c', () => Promise.resolve({ epoch: 'e', head: 0 }), {
      policy: { kind: 'disconnect' },
      ringSize: 4_096,
    })
    const t = initTRPC.create()
    const source = { channel, isTracked: true, maxBufferedBytes: 1 << 20 }
    const router = t.router({
      events: t.procedure.subscription(
        () => new ChannelStream<unknown>({ open: () => ({ ...source, after: channel.head }) }),
      ),
    })
    const sockets = new TrpcSockets({
      router,
      maxFrameBytes: 65_536,
      callsPerSecond: 1_000,
      keepAlive: new KeepAlive({ periodMs: 12_000 }),
      arrivals: new Arrivals(100),
      createContext: () => Promise.resolve({ ids: {} }),
    })
    server.on('upgrade', (request, socket, head) => sockets.accept(request, socket, head))
    return (count) => {
      for (let left = count; left > 0; left--) channel.publish({ seq: channel.head + 1, text })
    }
  },

  'campaign-plain': (server) =>
    plainStage(server, {
      id: 'plain:c',
      policy: { kind: 'disconnect' },
      wire: asItIs,
      maxBufferedBytes: 1 << 20,
      stored: text,
    }),

  arena: (server) =>
    plainStage(server, {
      id: 'arena:c',
      policy: { kind: 'disconnect' },
      wire: plainForm,
      maxBufferedBytes: 1 << 20,
      stored: encodeArenaEvent('agent.a.output', text, new Date(0).toISOString()),
    }),

  topics: (server) =>
    plainStage(server, {
      id: 'topic:c',
      policy: { kind: 'dropOldest', pending: 100 },
      wire: asItIs,
      maxBufferedBytes: 1 << 20,
      stored: text,
    }),

  signals: (server) =>
    plainStage(server, {
      id: 'signals:c',
      policy: { kind: 'latest' },
      wire: asItIs,
      maxBufferedBytes: 0,
      stored: text,
    }),

  'ready-frame'(server) {
    const sockets = new WebSocketServer({ server, perMessageDeflate: false })
    const clients: Socket[] = []
    sockets.on('connection', (_socket, request) => clients.push(request.socket))
    return (count) => {
      for (let left = count; left > 0; left--) {
        const frame = textFrame(text)
        for (const client of clients) client.write(frame)
      }
    }
  },

  ws(server) {
    const sockets = new WebSocketServer({ server, perMessageDeflate: false })
    return (count) => {
      for (let left = count; left > 0; left--) for (const client of sockets.clients) client.send(text)
    }
  },

  // As tRPC's documentation shows it. A generator that awaits a promise is cheaper, but loses the events that come while it sends.
  trpc(server) {
    const emitter = new EventEmitter().setMaxListeners(0)
    const t = initTRPC.create()
    const value: unknown = JSON.parse(text)
    const router = t.router({
      events: t.procedure.subscription(async function* ({ signal }) {
        for await (const [seq] of on(emitter, 'event', { signal }) as AsyncIterable<[number]>)
          yield tracked(String(seq), value)
      }),
    })
    let seq = 0
    applyWSSHandler({ wss: new WebSocketServer({ server, perMessageDeflate: false }), router })
    return (count) => {
      for (let left = count; left > 0; left--) emitter.emit('event', ++seq)
    }
  },

  'socket.io'(server) {
    const io = new SocketIo(server, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
    const value: unknown = JSON.parse(text)
    return (count) => {
      for (let left = count; left > 0; left--) io.emit('event', value)
    }
  },
}

/** The product measures while it serves, so its stages here do the same. */
const metrics = () =>
  createMetrics({
    node: 'bench',
    bus: { kind: 'memory', isConnected: true },
    redis: { kind: 'memory', isConnected: true },
    database: { kind: 'sqlite', ping: () => Promise.resolve() },
  })

/** A stage's plain socket: its channel, its policy, its wire form. */
function plainStage(
  server: HttpServer,
  stage: { id: string; policy: OverflowPolicy; wire: WireForm; maxBufferedBytes: number; stored: string },
): Publish {
  const { id, policy, wire, maxBufferedBytes, stored } = stage
  const channel = new Channel(id, { epoch: 'e', head: 0 }, { policy, ringSize: 4_096, observer: metrics().observe(id) })
  const tally = tallyOf(channel, 'plain')
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  sockets.on('connection', (socket) => {
    const sink = new SocketSink({ socket, wire, maxBufferedBytes, tally, owner: { closed: () => socket.close() } })
    sink.follow(channel.subscribe(sink, channel.head))
  })
  return (count) => {
    for (let left = count; left > 0; left--) channel.publish({ seq: channel.head + 1, text: stored })
  }
}

const publish = await servers[name](http)
http.listen(0, '127.0.0.1')
await once(http, 'listening')
process.send?.({ port: (http.address() as AddressInfo).port })

process.on('message', (order: { ms: number; burst: number } | Ask) => {
  // The probe answers the other messages.
  if (typeof order === 'object') void round(order.ms, order.burst).then((result) => process.send?.(result))
})

/** The number of events between two checks of all sockets, because a check has a cost too. */
const LOOK_EVERY = 10

async function round(ms: number, burst: number): Promise<Measurement> {
  const subscribers = tcp.size
  // All servers write to their sockets in the order of connection, so the last socket gets the event last.
  const last = [...tcp].at(-1)
  const cpu = process.cpuUsage()
  const began = performance.now()
  const bytes = bytesWritten()
  let events = 0
  for (let turn = 1; performance.now() - began < ms; turn++) {
    const expected = (last?.bytesWritten ?? 0) + burst * text.length
    publish(burst)
    events += burst
    do await new Promise((resolve) => setImmediate(resolve))
    while (
      last?.destroyed === false &&
      ((!mayDrop && (last?.bytesWritten ?? 0) < expected) || (turn % LOOK_EVERY === 0 && isAnyWaiting()))
    )
  }
  while (isAnyWaiting()) await new Promise((resolve) => setImmediate(resolve))
  const wallMs = performance.now() - began
  const { user, system } = process.cpuUsage(cpu)
  if (tcp.size !== subscribers) throw new Error(`${name} lost ${subscribers - tcp.size} subscribers`)
  const deliveries = mayDrop ? (bytesWritten() - bytes) / textFrame(text).length : events * subscribers
  return { deliveries, wallMs, cpuMs: (user + system) / 1_000 }
}

function isAnyWaiting(): boolean {
  for (const socket of tcp) if (socket.writableLength > 0) return true
  return false
}

function bytesWritten(): number {
  let sum = 0
  for (const socket of tcp) sum += socket.bytesWritten
  return sum
}
