// The entry for programs without tRPC: identifies the callers of plain sockets and REST, and opens every plain socket.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorKinds, TablecastError } from '@tablecast/contracts'
import type { WebSocket } from 'ws'
import { bareToken } from './bearer.ts'
import { type CallIds, newConnectionId } from './call-scope.ts'
import { CallerSession } from './caller-session.ts'
import type { CallsInFlight } from './calls-in-flight.ts'
import type { AddressOf } from './client-address.ts'
import type { ClientNames } from './client-names.ts'
import { closeWith } from './close-socket.ts'
import type { Expiry } from './expiry.ts'
import type { Identity } from './identity.ts'
import { PlainConnection, type PlainConnectionDeps } from './plain-connection.ts'
import { callRate, floodRate } from './limits.ts'
import { type FrameReceiver, type PlainConnections, type PlainServing, sendError } from './plain-socket.ts'
import { SocketServer } from './socket-server.ts'
import { refuse, type UpgradeHandler } from './upgrade.ts'
import { toWireError } from './wire-error.ts'

/** Null in mode `open` when the client sent no token. */
export type Caller = Identity | null
/** `caller` is the stage's own value for the caller. `roomId` is set where the socket belongs to one room. */
export type Identified<C> = { identity: Caller; caller: C; roomId?: string }

export type PlainEndpointsDeps = PlainConnectionDeps & {
  /** `open` admits everyone, also without a token. `token` asks for one. `off` admits nobody. */
  mode: 'open' | 'token' | 'off'
  /** Null for an invalid token. */
  verify(token: string): Promise<Identity | null>
  /** Throws UNAUTHORIZED. */
  takeTicket(ticket: string): Promise<Identity>
  expiry: Expiry
  names: ClientNames
  calls: CallsInFlight
  addressOf: AddressOf
  maxFrameBytes: number
  maxBufferedBytes: number
  messagesPerSecond: number
}

/** A connection is refused if `identify` takes longer. */
const IDENTIFY_TIMEOUT_MS = 5_000

type Work = (connection: PlainConnection) => void | Promise<void>
type Serve<C> = (client: WebSocket, caller: C) => void | Promise<void>

export class PlainEndpoints implements PlainConnections {
  readonly deps: PlainEndpointsDeps
  readonly serving: PlainServing
  readonly #server: SocketServer<PlainConnection>

  constructor(deps: PlainEndpointsDeps) {
    this.deps = deps
    this.#server = new SocketServer<PlainConnection>(deps)
    const { maxBufferedBytes, messagesPerSecond, calls } = deps
    const rates = { messages: callRate(messagesPerSecond), flood: floodRate(messagesPerSecond) }
    this.serving = { ...rates, maxBufferedBytes, calls, connections: this }
  }

  get clients(): SocketServer<PlainConnection>['clients'] {
    return this.#server.clients
  }

  listen(socket: WebSocket, receiver: FrameReceiver): void {
    this.#server.connectionOf(socket)?.listen(receiver)
  }

  hold(socket: WebSocket, held: Disposable): void {
    const connection = this.#server.connectionOf(socket)
    if (connection) connection.hold(held)
    else held[Symbol.dispose]()
  }

  get isOpenToAll(): boolean {
    return this.deps.mode === 'open'
  }

  /** Throws UNAUTHORIZED for an invalid token, and for a missing one unless the mode is `open`. */
  async callerOf(token: string | null): Promise<Caller> {
    const { verify, mode, telemetry } = this.deps
    const identity = token ? await verify(token) : null
    if (!identity && (token || mode !== 'open'))
      throw new TablecastError('UNAUTHORIZED', 'A valid token is needed. Sign in, and send its token.')
    if (identity) telemetry.know({ userId: identity.userId })
    return identity
  }

  /** Uses the ticket if there is one, and ignores the token then. Throws UNAUTHORIZED. */
  callerBy({ ticket, token }: { ticket: string | null; token: string | null }): Promise<Caller> {
    return ticket === null ? this.callerOf(token) : this.deps.takeTicket(ticket)
  }

  tokenOf({ headers }: IncomingMessage, url: URL): string | null {
    return bareToken(headers.authorization ?? url.searchParams.get('token'))
  }

  /** The caller who opens a socket. Throws UNAUTHORIZED. */
  socketCallerOf(request: IncomingMessage, url: URL): Promise<Caller> {
    return this.callerBy({ ticket: url.searchParams.get('ticket'), token: this.tokenOf(request, url) })
  }

  rejectUpgrade(socket: Duplex, status: string, reason: string): void {
    this.deps.telemetry.refusedUpgrade(reason)
    refuse(socket, status)
  }

  /** A socket for every caller that the mode admits. */
  socket(serve: (client: WebSocket, caller: Caller) => void | Promise<void>): UpgradeHandler {
    return this.socketFor(async (request, url) => {
      const identity = await this.socketCallerOf(request, url)
      return { identity, caller: identity }
    }, serve)
  }

  /**
   * A socket for the callers that `identify` admits. `identify` runs before the handshake is complete, so that no frame arrives before
   * `serve` listens. A refusal goes over the socket, because a browser hides the HTTP answer to a failed handshake.
   */
  socketFor<C>(
    identify: (request: IncomingMessage, url: URL) => Promise<Identified<C>>,
    serve: Serve<C>,
  ): UpgradeHandler {
    return (request, socket, head, url) => {
      const late = setTimeout(() => this.rejectUpgrade(socket, '503 Service Unavailable', 'late'), IDENTIFY_TIMEOUT_MS)
      const complete = (known: CallIds, work: Work) => {
        clearTimeout(late)
        if (socket.destroyed || socket.writableEnded) return
        const ids = withConnection(known)
        this.#server.accept(request, socket, head, {
          make: (client) => new PlainConnection(this.deps, client, ids),
          begin: (connection) => this.#begin(connection, work),
        })
      }
      identify(request, url).then(
        ({ identity, caller, roomId }) =>
          complete(
            { ...(identity && { userId: identity.userId }), ...(roomId && { roomId }) },
            this.#serving(identity, caller, serve),
          ),
        (error: unknown) => complete({}, ({ socket: client }) => turnAway(client, error)),
      )
    }
  }

  // A method and no closure within `socketFor`, so that no connection keeps its HTTP request in memory.
  #begin(connection: PlainConnection, work: Work): void {
    connection.begin(() => work(connection)).catch((error: unknown) => turnAway(connection.socket, error))
  }

  #serving<C>(identity: Caller, caller: C, serve: Serve<C>): Work {
    return (connection) => {
      const session = new CallerSession(identity, this.deps.expiry)
      connection.keepWhileValid(session)
      this.deps.names.set(connection.socket, session)
      return serve(connection.socket, caller)
    }
  }
}

/** Not spread: an object that grows takes more memory, and each connection keeps one. */
function withConnection({ userId, roomId }: CallIds): CallIds {
  const connectionId = newConnectionId()
  if (userId === undefined) return roomId === undefined ? { connectionId } : { connectionId, roomId }
  return roomId === undefined ? { connectionId, userId } : { connectionId, userId, roomId }
}

/** The caller's id and name for a stage; both are null without a token. */
export const personOf = (identity: Caller): { userId: string | null; name: string | null } => ({
  userId: identity?.userId ?? null,
  name: identity?.name ?? null,
})

function turnAway(client: WebSocket, error: unknown): void {
  sendError(client, undefined, error)
  const { code } = toWireError(error)
  // 1013 invites the client to try again: the server could not identify it. 1008 is final: the server refused it.
  closeWith(client, errorKinds[code].http === 503 ? 1013 : 1008, code)
}
