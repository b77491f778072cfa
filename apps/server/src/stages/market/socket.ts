// Socket.IO at /socket.io/. Its own engine does handshake, polling, upgrade, acknowledgements and heartbeats. The market's
// events go through the hub: each client is a cursor without a queue, and each event is encoded once for all clients.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Id, TablecastError } from '@tablecast/contracts'
import { Server as Engine, type Socket as Connection } from 'engine.io'
import { Server as SocketIo, type Socket } from 'socket.io'
import type { ServerOptions } from 'ws'
import { bareToken } from '../../transport/bearer.ts'
import { CallerSession } from '../../transport/caller-session.ts'
import type { Expiry } from '../../transport/expiry.ts'
import type { Identity } from '../../transport/identity.ts'
import { noteReconnect } from '../../transport/stage-meter.ts'
import { type CallIds, newConnectionId } from '../../transport/call-scope.ts'
import type { CallTelemetry } from '../../transport/call-telemetry.ts'
import type { AddressOf } from '../../transport/client-address.ts'
import type { ClientNames } from '../../transport/client-names.ts'
import { CLOSE_TIMEOUT_MS } from '../../transport/close-socket.ts'
import type { PollingEndpoint } from '../../stage.ts'
import { callRate, floodRate, KeyedCount, TokenBucket } from '../../transport/limits.ts'
import type { UpgradeHandler } from '../../transport/upgrade.ts'
import { openWebSocketServer } from '../../transport/web-socket-server.ts'
import { toWireError } from '../../transport/wire-error.ts'
import type { MarketLive } from './live.ts'
import { ReturningClients } from './returning-clients.ts'
import { SocketIoSubscriber, type Start } from './socket-io-subscriber.ts'

const SOCKET_IO_PATH = '/socket.io/'

export type MarketSocketIoDeps = {
  live: MarketLive
  /** The caller who connects; null for an anonymous one. Throws UNAUTHORIZED where the operator demands a token. */
  callerOf(offered: { ticket: string | null; token: string | null }): Promise<Identity | null>
  /** `add` throws RATE_LIMITED. */
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

/** Engine.IO calls its factory of WebSocket servers with `new`, so this is a function that works as a constructor. */
function WebSockets(options: ServerOptions) {
  return openWebSocketServer(options)
}

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
    const { live, connections, names, maxBufferedBytes, maxScopes } = this.#deps
    const { identity, privateId, start } = socket.data as Admitted
    const session = new CallerSession(identity, this.#deps.expiry)
    try {
      connections.add(session)
      names.set(socket, session)
    } catch (error) {
      this.#refuse(socket, undefined, error)
      return void socket.disconnect(true)
    }
    const subscriber = new SocketIoSubscriber(socket, live, { maxBufferedBytes, maxScopes, start })
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
    this.#limitPackets(socket)
    this.#answerPackets(socket, subscriber)
  }

  /** Every packet of a client counts towards its limits. */
  #limitPackets(socket: Socket): void {
    const { messagesPerSecond } = this.#deps
    const flood = new TokenBucket(floodRate(messagesPerSecond))
    const bucket = new TokenBucket(callRate(messagesPerSecond))
    socket.use(([, , answer], next) => {
      if (!flood.take()) socket.disconnect(true)
      else if (bucket.take()) next()
      else this.#refuse(socket, answer, new TablecastError('RATE_LIMITED', 'Too many messages: slow down.'))
    })
  }

  #answerPackets(socket: Socket, subscriber: SocketIoSubscriber): void {
    const serve = (event: string, work: (id: string) => string) =>
      socket.on(event, (value: unknown, answer: unknown) => {
        try {
          reply(answer, { status: 'ok', room: work(idOf(value)) })
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
      reply(answer, { status: 'ok', room: 'all' })
    })
  }

  #refuse(socket: Socket, answer: unknown, error: unknown): void {
    this.#reportError(socket, error)
    const { code, message } = toWireError(error)
    if (!reply(answer, { status: 'error', error: { code, message } })) socket.emit('error', { code, message })
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

/** Calls the function with which a packet asks for an answer. False if the packet asks for none. */
function reply(answer: unknown, message: object): boolean {
  if (typeof answer !== 'function') return false
  answer(message)
  return true
}

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
