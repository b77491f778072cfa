// Socket.IO at /socket.io/. Its own engine does handshake, polling, upgrade, acknowledgements and heartbeats. The market's
// events go through the hub: each client is a cursor without a queue, and each event is encoded once for all clients.
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
import { CLOSE_TIMEOUT_MS } from '../../transport/close-socket.ts'
import type { PollingEndpoint } from '../../stage.ts'
import { floodBucket, KeyedCount, TokenBucket } from '../../transport/limits.ts'
import { SocketSink } from '../../transport/socket-sink.ts'
import type { UpgradeHandler } from '../../transport/upgrade.ts'
import { openWebSocketServer } from '../../transport/web-socket-server.ts'
import { toWireError } from '../../transport/wire-error.ts'
import type { MarketLive } from './live.ts'
import { packetOf, socketIoForm } from './market-event.ts'
import { type EngineConnection, Receipt } from './socket-io-receipt.ts'
import { type Progress, ReturningClients } from './returning-clients.ts'

const SOCKET_IO_PATH = '/socket.io/'

export type MarketSocketIoDeps = {
  live: MarketLive
  /** The caller who connects; null for an anonymous one. Throws UNAUTHORIZED where the operator demands a token. */
  callerOf(offered: { ticket: string | null; token: string | null }): Promise<Identity | null>
  /** Throws RATE_LIMITED. The returned function removes the connection. */
  connections: { add(session: CallerSession): void; remove(session: CallerSession): void }
  expiry: Expiry
  names: ClientNames
  addressOf: AddressOf
  isAllowedOrigin(origin: string): boolean
  /** Other origins whose pages may connect; `*` for all. */
  corsOrigins: '*' | readonly string[]
  maxFrameBytes: number
  maxBufferedBytes: number
  maxConnections: number
  maxConnectionsPerAddress: number
  maxScopes: number
  messagesPerSecond: number
  telemetry: CallTelemetry
}

const CONNECT_TIMEOUT_MS = 5_000
/** A seq before every event: the client has confirmed nothing. */
const NOTHING_RECEIVED = -1

/** Engine.IO calls its factory of WebSocket servers with `new`, so this is a function that works as a constructor. */
function WebSockets(options: ServerOptions) {
  return openWebSocketServer(options)
}

/** The start of a client's events: the next event, the board, or the events after its progress. */
type Start = 'next' | 'board' | Progress
/** The data of a socket after its admission. `privateId`: only this client knows it; see `ReturningClients`. */
type Admitted = { identity: Identity | null; privateId: string; start: Start }

export class MarketSocketIo implements PollingEndpoint {
  readonly path = SOCKET_IO_PATH
  readonly #deps: MarketSocketIoDeps
  readonly #engine: Engine
  readonly #io: SocketIo
  readonly #perAddress: KeyedCount
  /** Ids for the log. The engine's own ids must not be logged: a client that knows one can take over the connection. */
  readonly #ids = new WeakMap<object, CallIds>()
  readonly #open = new Set<Connection>()
  readonly #returning = new ReturningClients()
  isOpen = true

  constructor(deps: MarketSocketIoDeps) {
    this.#deps = deps
    this.#perAddress = new KeyedCount(deps.maxConnectionsPerAddress)
    this.#engine = new Engine({
      transports: ['polling', 'websocket'],
      maxHttpBufferSize: deps.maxFrameBytes,
      // Events bypass Engine.IO and go straight to the TCP socket, where compression would not reach them.
      perMessageDeflate: false,
      wsEngine: WebSockets,
      allowRequest: (request, answer) => {
        const refusal = this.#refusal(request)
        if (refusal) deps.telemetry.refusedUpgrade(refusal.reason)
        answer(refusal?.message ?? null, refusal === null)
      },
      cors: { origin: deps.corsOrigins === '*' ? '*' : deps.corsOrigins.length > 0 ? [...deps.corsOrigins] : false },
    })
    this.#engine.on('connection', (connection: Connection) => this.#count(connection))
    this.#io = new SocketIo({ serveClient: false, connectTimeout: CONNECT_TIMEOUT_MS })
    this.#io.bind(this.#engine)
    this.#io.use((socket, next) => void this.#admit(socket, next))
    this.#io.on('connection', (socket) => this.#serve(socket))
  }

  /** Serves long polling, and the handshake of clients that begin with it. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#engine.handleRequest(request, response)
  }

  get handler(): UpgradeHandler {
    return (request, socket, head) => this.#engine.handleUpgrade(request, socket, head)
  }

  get count(): number {
    return this.#engine.clientsCount
  }

  /** A function for each connection that closes it. Its client reconnects by itself. */
  get connections(): (() => void)[] {
    return [...this.#open].map((connection) => () => connection.close(true))
  }

  /** Closes the connections, not the sockets on them: a client reconnects by itself only after it lost its connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.isOpen = false
    this.#engine.close()
    await this.#io.close()
  }

  #refusal(request: IncomingMessage): { reason: string; message: string } | null {
    const { isAllowedOrigin, corsOrigins, maxConnections, addressOf } = this.#deps
    if (!this.isOpen) return { reason: 'closing', message: 'the server is closing' }
    const { origin } = request.headers
    if (origin !== undefined && !isAllowedOrigin(origin) && corsOrigins !== '*' && !corsOrigins.includes(origin))
      return { reason: 'origin', message: 'origin not allowed' }
    if (this.#engine.clientsCount >= maxConnections) return { reason: 'full', message: 'too many connections' }
    if (this.#perAddress.get(addressOf(request)) >= this.#perAddress.max)
      return { reason: 'address_limit', message: 'too many connections from one address' }
    return null
  }

  #count(connection: Connection): void {
    const ids = { connectionId: newConnectionId() }
    this.#ids.set(connection, ids)
    // By default Engine.IO waits half a minute for the next poll of a client before it closes the connection.
    Object.assign(connection.transport, { closeTimeout: CLOSE_TIMEOUT_MS })
    connection.once('close', (reason: string) => this.#deps.telemetry.disconnected(endings[reason] ?? 'protocol', ids))
    this.#open.add(connection)
    connection.once('close', () => this.#open.delete(connection))
    const release = this.#perAddress.take(this.#deps.addressOf(connection.request))
    if (release) connection.once('close', release)
    else connection.close()
  }

  async #admit(socket: Socket, next: (error?: Error) => void): Promise<void> {
    const { handshake, data } = socket
    const textOf = (...all: unknown[]) => all.find((one): one is string => typeof one === 'string') ?? null
    const ticket = textOf(handshake.auth['ticket'], handshake.query['ticket'])
    const token = bareToken(textOf(handshake.auth['token'], handshake.headers.authorization, handshake.query['token']))
    try {
      const identity = await this.#deps.callerOf({ ticket, token })
      const admitted = { identity, ...this.#begin(textOf(handshake.auth['pid']), identity) } satisfies Admitted
      Object.assign(data, admitted)
      // Not in the types: Socket.IO sends `pid` to the client. A client that gets the same one again counts as recovered.
      Object.assign(socket, { pid: admitted.privateId })
    } catch (error) {
      this.#reportError(socket, error)
      return next(connectError(error))
    }
    next()
  }

  /** `privateId`: the id that a returning client sent; null for a new client. */
  #begin(privateId: string | null, identity: Identity | null): Omit<Admitted, 'identity'> {
    if (privateId === null) return { privateId: ReturningClients.newId(), start: 'next' }
    const progress = this.#returning.take(privateId, identity?.userId ?? null)
    const isInRing = progress !== null && progress.seq >= this.#deps.live.all.floor
    return isInRing ? { privateId, start: progress } : { privateId: ReturningClients.newId(), start: 'board' }
  }

  #serve(socket: Socket): void {
    const { live, connections, names, maxBufferedBytes, maxScopes, messagesPerSecond } = this.#deps
    const { identity, privateId, start } = socket.data as Admitted
    const session = new CallerSession(identity, this.#deps.expiry)
    try {
      connections.add(session)
      names.set(socket, session)
    } catch (error) {
      this.#refuse(socket, undefined, error)
      return void socket.disconnect(true)
    }
    const subscriber = new Subscriber(socket, live, { maxBufferedBytes, maxScopes, start })
    if (start !== 'next') noteReconnect(live.all, privateId)
    const present = {
      userId: identity?.userId ?? null,
      disconnect() {
        const { progress } = subscriber
        socket.disconnect(true)
        return progress
      },
    }
    this.#returning.arrived(privateId, present)
    const stopWatching = session.onExpiry(() => socket.disconnect(true))
    socket.once('disconnect', () => {
      stopWatching()
      connections.remove(session)
      this.#returning.departed(privateId, present, subscriber.progress)
      subscriber.close()
    })
    const flood = floodBucket(messagesPerSecond)
    const bucket = new TokenBucket(messagesPerSecond * 2, messagesPerSecond)
    // Every packet of a client counts towards its limits.
    socket.use(([, , answer], next) => {
      if (!flood.take()) socket.disconnect(true)
      else if (bucket.take()) next()
      else this.#refuse(socket, answer, new TablecastError('RATE_LIMITED', 'Too many messages: slow down.'))
    })
    const serve = (event: string, work: (id: string) => string) =>
      socket.on(event, (value: unknown, answer: unknown) => {
        try {
          const room = work(idOf(value))
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
    this.#reportError(socket, error)
    const { code, message } = toWireError(error)
    if (typeof answer === 'function') (answer as (reply: object) => void)({ status: 'error', error: { code, message } })
    else socket.emit('error', { code, message })
  }

  #reportError({ conn }: Socket, error: unknown): void {
    this.#deps.telemetry.errorReturned(error, toWireError(error).code, {
      ...this.#ids.get(conn),
      transport: 'socketio',
    })
  }
}

/** Our close reasons for those of Engine.IO. */
const endings: Record<string, string> = {
  'transport close': 'client',
  'transport error': 'lost',
  'ping timeout': 'lost',
  'forced close': 'ended',
}

type Following = { channel: Channel; cursor: Cursor }

/** A client gets all events until it subscribes to a scope. Then it gets the events of its scopes, and those of no scope. */
class Subscriber {
  readonly #socket: Socket
  readonly #live: MarketLive
  readonly #limits: { maxBufferedBytes: number; maxScopes: number }
  readonly #scopes = new Map<string, Following>()
  /** The subscription to `live.all` or to `live.general`. */
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
    else if (start.scopes === null) this.#main = this.#subscribe(live.all, start.seq)
    else this.#main = this.#resume(start.seq, start.scopes)
    const received = { next: live.all.head, board: NOTHING_RECEIVED }
    this.#receipt = new Receipt(engineOf(socket), typeof start === 'string' ? received[start] : start.seq, () =>
      this.#live.deliveredSeq([this.#main, ...this.#scopes.values()]),
    )
    if (start !== 'next') this.#receipt.wrote()
  }

  /** The progress from which the client continues if it comes back. */
  get progress(): Progress {
    const isNarrowed = this.#main.channel === this.#live.general
    return { seq: this.#receipt?.received ?? NOTHING_RECEIVED, scopes: isNarrowed ? [...this.#scopes.keys()] : null }
  }

  follow(scope: string): string {
    if (this.#scopes.has(scope)) return scope
    if (this.#scopes.size >= this.#limits.maxScopes)
      throw new TablecastError(
        'RATE_LIMITED',
        `At most ${this.#limits.maxScopes} subscriptions on one connection: end some first.`,
      )
    if (this.#scopes.size === 0) this.#switchTo(this.#live.general)
    this.#add(scope)
    return scope
  }

  /** A client that has left its last scope still gets the events of no scope, until it subscribes again. */
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

  /** Writes the missed events of all scopes in their order, then subscribes to each scope. */
  #resume(seq: number, scopes: readonly string[]): Following {
    const missed = this.#live.missed(seq, new Set(scopes))
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

/** `wrote`: called after each write. */
type SocketIoSinkOptions = { maxBufferedBytes: number; tally: Tally; wrote(): void }

/**
 * A Socket.IO client as the sink of a channel. Over a WebSocket, frames go straight to the TCP socket. Over polling, and while
 * the engine has packets of its own to send, they go through the engine. The sink is then congested until the engine has
 * drained.
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

  /** Bytes; 0 over polling, where the engine counts packets. */
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
        owner: { closed: () => this.close() },
      })
      if (this.#cursor) sink.follow(this.#cursor)
      this.#direct = { below, sink }
    }
    return this.#direct.sink
  }
}

/** Not in the types of Engine.IO: see `EngineConnection`. The tests check it. */
const engineOf = ({ conn }: Socket) => conn as unknown as Pick<Connection, 'write' | 'once'> & EngineConnection

/** The id in `"tech-001"`, or in an object with one id. Throws BAD_REQUEST. */
function idOf(value: unknown): string {
  const values = typeof value === 'object' && value !== null ? Object.values(value) : [value]
  const id = values.length === 1 ? Id.safeParse(values[0]) : null
  if (!id?.success) throw new TablecastError('BAD_REQUEST', 'Give one id: 1 to 64 letters, digits, "_" or "-".')
  return id.data
}

function connectError(error: unknown): Error {
  const { code, message } = toWireError(error)
  return Object.assign(new Error(message), { data: { code } })
}
