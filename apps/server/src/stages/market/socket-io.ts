// Socket.IO at /socket.io/. Its own engine does handshake, polling, upgrade, acknowledgements and heartbeats; the market's events
// go through the hub: each client is a cursor, so a slow one costs a number and an event is encoded once for all.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Id, TablecastError } from '@tablecast/contracts'
import { Batch, type Channel, type Cursor } from '@tablecast/hub'
import { Server as Engine, type Socket as Connection } from 'engine.io'
import { Server as SocketIo, type Socket } from 'socket.io'
import type { ServerOptions, WebSocket } from 'ws'
import { bareToken } from '../../transport/bearer.ts'
import { CallerSession } from '../../transport/caller-session.ts'
import type { Expiry } from '../../transport/expiry.ts'
import type { Identity } from '../../transport/identity.ts'
import { type CountedSink, noteReconnect, type Tally, tallyOf } from '../../transport/stage-meter.ts'
import { type CallIds, newConnectionId } from '../../transport/call-scope.ts'
import type { CallTelemetry } from '../../transport/call-telemetry.ts'
import type { AddressOf } from '../../transport/client-address.ts'
import type { ClientNames } from '../../transport/client-names.ts'
import { CLOSE_TIMEOUT_MS } from '../../transport/close-for.ts'
import type { PollingDoor } from '../../stage.ts'
import { floodBucket, KeyedCount, TokenBucket } from '../../transport/limits.ts'
import { SocketSink } from '../../transport/socket-sink.ts'
import type { Take } from '../../transport/upgrade.ts'
import { openWebSocketServer } from '../../transport/web-socket-server.ts'
import { toWireError } from '../../transport/wire-error.ts'
import type { MarketLive } from './live.ts'
import { packetOf, socketIoForm } from './market-event.ts'
import { type Confirming, Receipt } from './socket-io-receipt.ts'
import { type Left, Returns } from './socket-io-returns.ts'

const SOCKET_IO_PATH = '/socket.io/'

export type MarketSocketIoParts = {
  live: MarketLive
  /** Who connects; null for anyone. Throws UNAUTHORIZED where a token is asked for. */
  callerOf(offered: { ticket: string | null; token: string | null }): Promise<Identity | null>
  /** Throws RATE_LIMITED. Returns what takes the connection out again. */
  connections: { add(session: CallerSession): () => void }
  expiry: Expiry
  names: ClientNames
  addressOf: AddressOf
  isAllowedOrigin(origin: string): boolean
  /** Exact origins that may come from elsewhere; `*` for all. */
  corsOrigins: '*' | readonly string[]
  maxFrameBytes: number
  maxBufferedBytes: number
  maxConnections: number
  maxConnectionsPerAddress: number
  maxScopes: number
  messagesPerSecond: number
  telemetry: CallTelemetry
}

const CONNECT_MS = 5_000
/** Before everything: nothing is known to have arrived. */
const NOWHERE = -1

/** Engine.IO calls what makes its WebSockets with `new`. */
function WebSockets(options: ServerOptions) {
  return openWebSocketServer(options)
}

/** Where a client begins: with what comes next, with the board, or where it was when it left. */
type Start = 'next' | 'board' | Left
/** What a socket holds from its admission on. `privateId`: known to this client alone, see `Returns`. */
type Admitted = { identity: Identity | null; privateId: string; start: Start }

export class MarketSocketIo implements PollingDoor {
  readonly path = SOCKET_IO_PATH
  readonly #parts: MarketSocketIoParts
  readonly #engine: Engine
  readonly #io: SocketIo
  readonly #perAddress: KeyedCount
  /** For the log: the engine's own ids let whoever knows one take the connection's place. */
  readonly #ids = new WeakMap<object, CallIds>()
  readonly #open = new Set<Connection>()
  readonly #returns = new Returns()
  isOpen = true

  constructor(parts: MarketSocketIoParts) {
    this.#parts = parts
    this.#perAddress = new KeyedCount(parts.maxConnectionsPerAddress)
    this.#engine = new Engine({
      transports: ['polling', 'websocket'],
      maxHttpBufferSize: parts.maxFrameBytes,
      // Events are written below the WebSocket, where compression would not see them.
      perMessageDeflate: false,
      wsEngine: WebSockets,
      allowRequest: (request, answer) => {
        const refusal = this.#refusal(request)
        if (refusal) parts.telemetry.refusedUpgrade(refusal.reason)
        answer(refusal?.words ?? null, refusal === null)
      },
      cors: { origin: parts.corsOrigins === '*' ? '*' : parts.corsOrigins.length > 0 ? [...parts.corsOrigins] : false },
    })
    this.#engine.on('connection', (connection: Connection) => this.#count(connection))
    this.#io = new SocketIo({ serveClient: false, connectTimeout: CONNECT_MS })
    this.#io.bind(this.#engine)
    this.#io.use((socket, next) => void this.#admit(socket, next))
    this.#io.on('connection', (socket) => this.#serve(socket))
  }

  /** Long polling, and the handshake of those who begin with it. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#engine.handleRequest(request, response)
  }

  get take(): Take {
    return (request, socket, head) => this.#engine.handleUpgrade(request, socket, head)
  }

  get count(): number {
    return this.#engine.clientsCount
  }

  /** What closes each connection; its client comes back by itself. */
  get connections(): (() => void)[] {
    return [...this.#open].map((connection) => () => connection.close(true))
  }

  /** Closes the connections, not the sockets on them: a client that loses its connection comes back by itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.isOpen = false
    this.#engine.close()
    await this.#io.close()
  }

  #refusal(request: IncomingMessage): { reason: string; words: string } | null {
    const { isAllowedOrigin, corsOrigins, maxConnections, addressOf } = this.#parts
    if (!this.isOpen) return { reason: 'closing', words: 'the server is closing' }
    const { origin } = request.headers
    if (origin !== undefined && !isAllowedOrigin(origin) && corsOrigins !== '*' && !corsOrigins.includes(origin))
      return { reason: 'origin', words: 'origin not allowed' }
    if (this.#engine.clientsCount >= maxConnections) return { reason: 'full', words: 'too many connections' }
    if (this.#perAddress.get(addressOf(request)) >= this.#perAddress.max)
      return { reason: 'address_limit', words: 'too many connections from one address' }
    return null
  }

  #count(connection: Connection): void {
    const ids = { connectionId: newConnectionId() }
    this.#ids.set(connection, ids)
    // One that polls and does not come back would be kept for half a minute, to be told of its end.
    Object.assign(connection.transport, { closeTimeout: CLOSE_TIMEOUT_MS })
    connection.once('close', (reason: string) => this.#parts.telemetry.disconnected(endings[reason] ?? 'protocol', ids))
    this.#open.add(connection)
    connection.once('close', () => this.#open.delete(connection))
    const release = this.#perAddress.take(this.#parts.addressOf(connection.request))
    if (release) connection.once('close', release)
    else connection.close()
  }

  async #admit(socket: Socket, next: (error?: Error) => void): Promise<void> {
    const { handshake, data } = socket
    const textOf = (...all: unknown[]) => all.find((one): one is string => typeof one === 'string') ?? null
    const ticket = textOf(handshake.auth['ticket'], handshake.query['ticket'])
    const token = bareToken(textOf(handshake.auth['token'], handshake.headers.authorization, handshake.query['token']))
    try {
      const identity = await this.#parts.callerOf({ ticket, token })
      const admitted = { identity, ...this.#begin(textOf(handshake.auth['pid']), identity) } satisfies Admitted
      Object.assign(data, admitted)
      // Not in the types: what Socket.IO tells the client with its session id. One that is told the same again knows that it was found.
      Object.assign(socket, { pid: admitted.privateId })
    } catch (error) {
      this.#told(socket, error)
      return next(connectError(error))
    }
    next()
  }

  /** `privateId`: what a client came back with. */
  #begin(privateId: string | null, identity: Identity | null): Omit<Admitted, 'identity'> {
    if (privateId === null) return { privateId: Returns.newId(), start: 'next' }
    const left = this.#returns.take(privateId, identity?.userId ?? null)
    const isInRing = left !== null && left.place >= this.#parts.live.all.floor
    return isInRing ? { privateId, start: left } : { privateId: Returns.newId(), start: 'board' }
  }

  #serve(socket: Socket): void {
    const { live, connections, names, maxBufferedBytes, maxScopes, messagesPerSecond } = this.#parts
    const { identity, privateId, start } = socket.data as Admitted
    const session = new CallerSession(identity, this.#parts.expiry)
    let release: () => void
    try {
      release = connections.add(session)
      names.set(socket, session)
    } catch (error) {
      this.#refuse(socket, undefined, error)
      return void socket.disconnect(true)
    }
    const subscriber = new Subscriber(socket, live, { maxBufferedBytes, maxScopes, start })
    if (start !== 'next') noteReconnect(live.all, privateId)
    const present = {
      userId: identity?.userId ?? null,
      leave() {
        const left = subscriber.left
        socket.disconnect(true)
        return left
      },
    }
    this.#returns.arrived(privateId, present)
    const unwatch = session.onExpiry(() => socket.disconnect(true))
    socket.once('disconnect', () => {
      unwatch()
      release()
      this.#returns.departed(privateId, present, subscriber.left)
      subscriber.close()
    })
    const flood = floodBucket(messagesPerSecond)
    const bucket = new TokenBucket(messagesPerSecond * 2, messagesPerSecond)
    // Every packet of a client counts, whatever it says.
    socket.use(([, , answer], next) => {
      if (!flood.take()) socket.disconnect(true)
      else if (bucket.take()) next()
      else this.#refuse(socket, answer, new TablecastError('RATE_LIMITED', 'too many messages: slow down'))
    })
    const serve = (event: string, work: (id: string) => string) =>
      socket.on(event, (what: unknown, answer: unknown) => {
        try {
          const room = work(idOf(what))
          if (typeof answer === 'function') (answer as (reply: object) => void)({ status: 'ok', room })
        } catch (error) {
          this.#refuse(socket, answer, error)
        }
      })
    for (const kind of ['sector', 'discussion'] as const) {
      serve(`subscribe:${kind}`, (id) => subscriber.follow(`${kind}:${id}`))
      serve(`unsubscribe:${kind}`, (id) => subscriber.unfollow(`${kind}:${id}`))
    }
    socket.on('subscribe:all', (answer: unknown) => {
      subscriber.followAll()
      if (typeof answer === 'function') (answer as (reply: object) => void)({ status: 'ok', room: 'all' })
    })
  }

  #refuse(socket: Socket, answer: unknown, error: unknown): void {
    this.#told(socket, error)
    const { code, message } = toWireError(error)
    if (typeof answer === 'function') (answer as (reply: object) => void)({ status: 'error', error: { code, message } })
    else socket.emit('error', { code, message })
  }

  #told({ conn }: Socket, error: unknown): void {
    this.#parts.telemetry.errorReturned(error, toWireError(error).code, {
      ...this.#ids.get(conn),
      transport: 'socketio',
    })
  }
}

/** Engine.IO's words for why a connection closed, in ours. */
const endings: Record<string, string> = {
  'transport close': 'client',
  'transport error': 'lost',
  'ping timeout': 'lost',
  'forced close': 'ended',
}

type Following = { channel: Channel; cursor: Cursor }

/** A client hears everything until it says what it wants; then that, and what concerns everyone. */
class Subscriber {
  readonly #socket: Socket
  readonly #live: MarketLive
  readonly #limits: { maxBufferedBytes: number; maxScopes: number }
  readonly #scopes = new Map<string, Following>()
  /** Of everything, or of what concerns everyone. */
  #main: Following
  #receipt: Receipt | null = null

  constructor(
    socket: Socket,
    live: MarketLive,
    { start, ...limits }: { maxBufferedBytes: number; maxScopes: number; start: Start },
  ) {
    this.#socket = socket
    this.#live = live
    this.#limits = limits
    if (start === 'next') this.#main = this.#subscribe(live.all, live.all.head)
    else if (start === 'board') this.#main = this.#subscribe(live.all, null)
    else if (start.scopes === null) this.#main = this.#subscribe(live.all, start.place)
    else this.#main = this.#resume(start.place, start.scopes)
    const place = { next: live.all.head, board: NOWHERE }
    this.#receipt = new Receipt(engineOf(socket), typeof start === 'string' ? place[start] : start.place, () =>
      this.#live.placeOf([this.#main, ...this.#scopes.values()]),
    )
    if (start !== 'next') this.#receipt.wrote()
  }

  /** Where it goes on if it comes back. */
  get left(): Left {
    const isNarrowed = this.#main.channel === this.#live.general
    return { place: this.#receipt?.place ?? NOWHERE, scopes: isNarrowed ? [...this.#scopes.keys()] : null }
  }

  follow(scope: string): string {
    if (this.#scopes.has(scope)) return scope
    if (this.#scopes.size >= this.#limits.maxScopes)
      throw new TablecastError('RATE_LIMITED', `at most ${this.#limits.maxScopes} subscriptions on one connection`)
    if (this.#scopes.size === 0) this.#switchTo(this.#live.general)
    this.#add(scope)
    return scope
  }

  /** Who follows nothing any more hears what concerns everyone, until it asks for more. */
  unfollow(scope: string): string {
    this.#scopes.get(scope)?.cursor.detach()
    if (this.#scopes.delete(scope)) this.#live.release(scope)
    return scope
  }

  followAll(): void {
    for (const scope of this.#scopes.keys()) this.unfollow(scope)
    this.#switchTo(this.#live.all)
  }

  close(): void {
    this.#receipt?.close()
    this.#main.cursor.detach()
    for (const scope of this.#scopes.keys()) this.unfollow(scope)
  }

  #switchTo(channel: Channel): void {
    if (this.#main.channel === channel) return
    this.#main.cursor.detach()
    this.#main = this.#subscribe(channel, channel.head)
  }

  #add(scope: string): void {
    const channel = this.#live.scope(scope)
    this.#scopes.set(scope, this.#subscribe(channel, channel.head))
  }

  /** What the client missed of that, in the order in which it came, and then the rest of it. */
  #resume(place: number, scopes: readonly string[]): Following {
    const missed = this.#live.missed(place, new Set(scopes))
    const { general } = this.#live
    if (missed && missed.length > 0) this.#sinkFor(general).write(new Batch(missed))
    for (const scope of scopes) this.#add(scope)
    return this.#subscribe(general, missed ? general.head : null)
  }

  #subscribe(channel: Channel, after: number | null): Following {
    const sink = this.#sinkFor(channel)
    const cursor = channel.subscribe(sink, after)
    sink.follow(cursor)
    return { channel, cursor }
  }

  #sinkFor(channel: Channel): SocketIoSink {
    const tally = tallyOf(channel, 'socketio')
    return new SocketIoSink(this.#socket, {
      maxBufferedBytes: this.#limits.maxBufferedBytes,
      tally,
      wrote: () => this.#receipt?.wrote(),
    })
  }
}

/** `wrote`: told of each write. */
type SocketIoSinkOptions = { maxBufferedBytes: number; tally: Tally; wrote(): void }

/**
 * A Socket.IO client as the sink of a channel. Over a WebSocket frames go straight to the TCP socket; over polling, and while the
 * engine still has packets of its own to send, they go through the engine, which is asked for no more until it has drained.
 */
class SocketIoSink implements CountedSink {
  readonly tally: Tally
  readonly #socket: Socket
  readonly #options: SocketIoSinkOptions
  #cursor: Cursor | null = null
  #direct: { below: WebSocket; sink: SocketSink } | null = null

  constructor(socket: Socket, options: SocketIoSinkOptions) {
    this.tally = options.tally
    this.#socket = socket
    this.#options = options
  }

  get client(): Socket {
    return this.#socket
  }

  /** Over polling the engine counts packets, not bytes. */
  get bytesWaiting(): number {
    return this.#direct?.sink.bytesWaiting ?? 0
  }

  follow(cursor: Cursor): void {
    this.#cursor = cursor
  }

  write(batch: Batch): boolean {
    const connection = engineOf(this.#socket)
    if (connection.transport.name === 'websocket' && connection.writeBuffer.length === 0) {
      const isTaking = this.#directTo(connection.transport.socket).write(batch)
      this.#options.wrote()
      return isTaking
    }
    for (const { text } of batch.events) {
      const packet = packetOf(text)
      if (packet === null) continue
      connection.write(packet)
      this.tally.deliveries += 1
      this.tally.bytes += Buffer.byteLength(packet)
    }
    this.#options.wrote()
    if (connection.writeBuffer.length === 0) return true
    connection.once('drain', () => this.#cursor?.drained())
    return false
  }

  close(): void {
    this.#socket.disconnect(true)
  }

  #directTo(below: WebSocket): SocketSink {
    if (this.#direct?.below !== below) {
      const sink = new SocketSink({
        socket: below,
        wire: socketIoForm,
        maxBufferedBytes: this.#options.maxBufferedBytes,
        tally: this.tally,
        onClose: () => this.close(),
      })
      if (this.#cursor) sink.follow(this.#cursor)
      this.#direct = { below, sink }
    }
    return this.#direct.sink
  }
}

/** Not in the types of Engine.IO: see `Confirming`. Checked by the tests. */
const engineOf = ({ conn }: Socket) => conn as unknown as Pick<Connection, 'write' | 'once'> & Confirming

/** `"tech-001"`, or an object with the one id that is asked for. */
function idOf(what: unknown): string {
  const values = typeof what === 'object' && what !== null ? Object.values(what) : [what]
  const id = values.length === 1 ? Id.safeParse(values[0]) : null
  if (!id?.success) throw new TablecastError('BAD_REQUEST', 'give one id: 1 to 64 letters, digits, "_" or "-"')
  return id.data
}

function connectError(error: unknown): Error {
  const { code, message } = toWireError(error)
  return Object.assign(new Error(message), { data: { code } })
}
