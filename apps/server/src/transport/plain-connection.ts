// A connection of a program. An idle one keeps plain values and no functions of its own.
import type { WebSocket } from 'ws'
import type { CallIds } from './call-scope.ts'
import type { CallTelemetry } from './call-telemetry.ts'
import { type CallerSession, expired, type ExpiryWatcher } from './caller-session.ts'
import { closeWithError, cutOff, closeReasonOf } from './close-socket.ts'
import { type Few, listOf, withOne } from './few.ts'
import type { KeepAlive, Peer } from './keep-alive.ts'
import { type FrameReceiver, sendError } from './plain-socket.ts'
import type { Connection } from './served-socket.ts'
import { toWireError } from './wire-error.ts'

export type PlainConnectionDeps = {
  /** `add` throws RATE_LIMITED. */
  connections: { add(session: CallerSession): void; remove(session: CallerSession): void }
  telemetry: CallTelemetry
  keepAlive: KeepAlive
}

/** Asks its client with WebSocket pings, which every client answers without code of its own. */
export class PlainConnection implements Connection, ExpiryWatcher, Peer {
  readonly socket: WebSocket
  readonly #deps: PlainConnectionDeps
  readonly #ids: CallIds
  #session: CallerSession | null = null
  #receiver: FrameReceiver | null = null
  #held: Few<Disposable> = null
  #hasSent = true
  #isClosed = false

  constructor(deps: PlainConnectionDeps, socket: WebSocket, ids: CallIds) {
    this.#deps = deps
    this.socket = socket
    this.#ids = ids
  }

  /** `work` begins to serve the client. Resolves and rejects as it does. */
  begin(work: () => void | Promise<void>): Promise<void> {
    const { keepAlive, telemetry } = this.#deps
    keepAlive.add(this)
    telemetry.connected(this.#ids, 'plain')
    return telemetry.within(this.#ids, async () => work())
  }

  /** Counts the connection as one of the user's, and ends it when the token expires. Throws RATE_LIMITED. */
  keepWhileValid(session: CallerSession): void {
    this.#deps.connections.add(session)
    this.#session = session
    session.watch(this)
  }

  listen(receiver: FrameReceiver): void {
    this.#receiver = receiver
  }

  hold(held: Disposable): void {
    if (this.#isClosed) held[Symbol.dispose]()
    else this.#held = withOne(this.#held, held)
  }

  receive(data: unknown, isBinary: boolean): void {
    this.#hasSent = true
    this.#deps.telemetry.within(this.#ids, () => this.#receiver?.receive(data, isBinary))
  }

  pong(): void {
    this.#hasSent = true
  }

  /** The client received this error. */
  errorReturned(error: unknown): void {
    this.#deps.telemetry.errorReturned(error, toWireError(error).code, { ...this.#ids, transport: 'plain' })
  }

  expired(): void {
    sendError(this.socket, undefined, expired())
    closeWithError(this.socket, 'UNAUTHORIZED')
  }

  close(code: number): void {
    const { connections, keepAlive, telemetry } = this.#deps
    this.#isClosed = true
    keepAlive.remove(this)
    telemetry.disconnected(closeReasonOf(this.socket, code), this.#ids)
    if (this.#session) {
      this.#session.close()
      connections.remove(this.#session)
    }
    for (const held of listOf(this.#held)) held[Symbol.dispose]()
    this.#held = null
  }

  hasSent(): boolean {
    const hasSent = this.#hasSent
    this.#hasSent = false
    return hasSent
  }

  ask(): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.ping()
  }

  drop(): void {
    cutOff(this.socket, 'silent')
  }
}
