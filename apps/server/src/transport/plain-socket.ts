// The common part of every plain JSON socket: parses and validates frames, answers them, refuses bad ones.
import { jsonExcess, parseJson, RequestId, TablecastError } from '@tablecast/contracts'
import { MAX_WAIT_MS } from '@tablecast/store'
import { WebSocket } from 'ws'
import type { z } from 'zod'
import { shortened, toWireError } from './wire-error.ts'
import type { CallsInFlight } from './calls-in-flight.ts'
import { closeWithError } from './close-socket.ts'
import type { Rate } from './limits.ts'

/** Takes the frames of one client. */
export interface FrameReceiver {
  receive(data: unknown, isBinary: boolean): void
}

/** The connections of the plain sockets, as the stages use them. */
export interface PlainConnections {
  /** Calls `receiver` with each frame of the client from now on. Lines that it logs carry the ids of the connection. */
  listen(socket: WebSocket, receiver: FrameReceiver): void
  /** Disposes of `held` when the socket closes, or at once if it is closed. */
  hold(socket: WebSocket, held: Disposable): void
}

/** The same for all plain sockets. */
export type PlainServing = {
  connections: PlainConnections
  calls: CallsInFlight
  /** The rate of the messages of one socket. Beyond `flood` the socket is closed. */
  messages: Rate
  flood: Rate
  maxBufferedBytes: number
}

/** The frames that a kind of socket takes, and what they do. */
export interface PlainHandler<M> {
  readonly schema: z.ZodType<M & { request_id?: RequestId }>
  /**
   * Returns the answer to one frame, or null for none. Throws `TablecastError` to refuse. `text` is the frame as it arrived. `deadline`
   * is a `performance.now()` in milliseconds: until then the work may wait for the database. It counts from the frame's arrival.
   */
  handle(message: M, text: string, deadline: number): Promise<object | null>
}

/** The most frames of one socket that may wait for an answer. */
const MAX_WAITING = 64

/** Serves the client's frames, one after the other, until the socket closes. */
export function servePlainSocket<M extends { type: string }>(
  serving: PlainServing,
  socket: WebSocket,
  handler: PlainHandler<M>,
): void {
  serving.connections.listen(socket, new PlainFrames(serving, socket, handler))
}

class PlainFrames<M extends { type: string }> implements FrameReceiver {
  readonly #serving: PlainServing
  readonly #socket: WebSocket
  readonly #handler: PlainHandler<M>
  #messages = 0
  #flood = 0
  /** The answer to the newest frame; null while no frame waits. */
  #last: Promise<void> | null = null
  #waiting = 0

  constructor(serving: PlainServing, socket: WebSocket, handler: PlainHandler<M>) {
    this.#serving = serving
    this.#socket = socket
    this.#handler = handler
  }

  receive(data: unknown, isBinary: boolean): void {
    const socket = this.#socket
    const { messages, flood, calls } = this.#serving
    // Ignore frames that arrive after we started closing.
    if (socket.readyState !== WebSocket.OPEN) return
    if (isBinary) {
      socket.close(1003, 'send text frames')
      return
    }
    const floodLeft = flood.take(this.#flood)
    if (floodLeft === null) {
      closeWithError(socket, 'RATE_LIMITED')
      return
    }
    this.#flood = floodLeft
    const left = messages.take(this.#messages)
    this.#messages = left ?? this.#messages
    if (left === null || this.#waiting >= MAX_WAITING) {
      sendError(socket, undefined, new TablecastError('RATE_LIMITED', 'Too many messages: slow down.'))
      return
    }
    const text = (data as Buffer).toString()
    this.#waiting += 1
    const deadline = performance.now() + MAX_WAIT_MS
    const answered = calls.begin(socket)
    this.#last = (this.#last ?? Promise.resolve())
      .then(() => this.#answer(text, deadline))
      .catch(() => socket.close(1011))
      .finally(() => {
        this.#waiting -= 1
        if (this.#waiting === 0) this.#last = null
        answered()
      })
  }

  async #answer(text: string, deadline: number): Promise<void> {
    const socket = this.#socket
    if (socket.readyState !== WebSocket.OPEN) return
    let requestId: RequestId
    try {
      const excess = jsonExcess(text)
      if (excess?.kind === 'values') throw new TablecastError('BAD_REQUEST', excess.reason)
      const json = parseJson(text)
      requestId = requestIdOf(json)
      if (excess) throw new TablecastError('BAD_REQUEST', excess.reason)
      const parsed = this.#handler.schema.safeParse(json)
      if (!parsed.success) {
        const [issue] = parsed.error.issues
        throw new TablecastError(
          'BAD_REQUEST',
          shortened(`${issue?.path.join('.') || 'message'}: ${issue?.message ?? 'not valid'}`),
        )
      }
      const reply = await this.#handler.handle(parsed.data, text, deadline)
      if (reply) sendJson(socket, { ...reply, ...(requestId === undefined ? {} : { request_id: requestId }) })
    } catch (error) {
      sendError(socket, requestId, error)
    }
  }
}

export function sendJson(socket: WebSocket, message: object): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
}

/** Emits `errorReturned` on the socket, for the telemetry. */
export function sendError(socket: WebSocket, requestId: RequestId, error: unknown): void {
  socket.emit('errorReturned', error)
  const { code, message } = toWireError(error)
  const id = requestId === undefined ? {} : { request_id: requestId }
  sendJson(socket, { type: 'error', ...id, error: { code, message }, ts: new Date().toISOString() })
}

function requestIdOf(json: unknown): RequestId {
  const id = typeof json === 'object' && json !== null && 'request_id' in json ? json.request_id : undefined
  return RequestId.safeParse(id).data
}
