// tRPC over WebSocket, serialised once. The procedures stay ordinary typed subscriptions and the wire stays tRPC's own,
// but stock tRPC runs a generator and a JSON.stringify per client and event and never looks at the socket's buffer.
//
// So a subscription's generator yields one private marker. The encoder sees it together with the request id that the
// envelope needs, registers the socket as a sink of the channel, and sends nothing. From then on the channel writes frames
// that were built once per event and request id, and the generator sleeps until it is aborted.
import { errorKinds, formatPosition, TablecastError } from '@tablecast/contracts'
import { Batch, type Channel, type Cursor, HubEvent, type Sink } from '@tablecast/hub'
import { type AnyRouter, tracked, type TrackedEnvelope, TRPCError } from '@trpc/server'
import { applyWSSHandler, type CreateWSSContextFnOptions } from '@trpc/server/adapters/ws'
import { WebSocket, WebSocketServer } from 'ws'
import { type CallerSession, expired } from '../auth/caller-session.ts'
import { closeFor } from './close-for.ts'
import { floodBucket, type TokenBucket } from './limits.ts'
import { SocketSink, type WireForm } from './socket-sink.ts'

/** So long may it take until it is known who connects. */
const AUTHENTICATE_MS = 5_000
/** Calls in one frame. The stock client sends together what it asks for in one tick. */
const MAX_BATCH = 100
/** A client that was told why its stream ended has so long to close by itself. */
const CLOSE_MS = 1_000

/** What the encoder hands to the socket in place of a marker. */
const NOTHING = '\u0000nothing'

class AttachMarker {
  readonly attach: (requestId: unknown) => void
  constructor(attach: (requestId: unknown) => void) {
    this.attach = attach
  }
}

/** Sends no markers; hears no more than its share. */
class MarkerSocket extends WebSocket {
  /** Null until the server has set it, before the first message. */
  frames: TokenBucket | null = null

  override send(data: unknown, ...rest: unknown[]): void {
    if (data === NOTHING) return
    super.send(...([data, ...rest] as Parameters<WebSocket['send']>))
  }

  /** Before anything is parsed: who goes on after many refusals costs nothing more. */
  override emit(event: string | symbol, ...rest: unknown[]): boolean {
    if (event === 'message' && this.frames && !this.frames.take()) {
      closeFor(this, 'RATE_LIMITED')
      return true
    }
    return super.emit(event, ...rest)
  }
}

type Envelope = { id?: unknown; result?: { data?: unknown } }

const encoder = {
  encode(message: unknown): string {
    const { id, result } = message as Envelope
    if (!(result?.data instanceof AttachMarker)) return JSON.stringify(message)
    result.data.attach(id)
    return NOTHING
  },
  decode(data: unknown): unknown {
    if (typeof data !== 'string') throw new TablecastError('BAD_REQUEST', 'send text frames')
    return JSON.parse(data)
  },
}

export type TrpcSocketOptions<R extends AnyRouter, C> = {
  router: R
  createContext(options: CreateWSSContextFnOptions): C | Promise<C>
  onError?: Parameters<typeof applyWSSHandler>[0]['onError']
  maxFrameBytes: number
  callsPerSecond: number
}

/** A `noServer` instance of its own: the adapter's reconnect notice goes to every socket of its server. */
export function createTrpcSocketServer<R extends AnyRouter, C extends object>(options: TrpcSocketOptions<R, C>) {
  const server = new WebSocketServer({
    noServer: true,
    WebSocket: MarkerSocket,
    maxPayload: options.maxFrameBytes,
    perMessageDeflate: false,
    // One frame of a client, then everybody else’s: what came in one piece does not hold up the table.
    allowSynchronousEvents: false,
  })
  const silent = new WeakMap<object, ReturnType<typeof setTimeout>>()
  server.on('connection', (socket) => {
    socket.on('error', () => socket.terminate())
    socket.frames = floodBucket(options.callsPerSecond)
    // The adapter waits for connection parameters for ever.
    const timer = setTimeout(() => socket.terminate(), AUTHENTICATE_MS)
    silent.set(socket, timer)
    socket.once('close', () => clearTimeout(timer))
  })
  const handler = applyWSSHandler({
    wss: server,
    router: options.router,
    maxBatchSize: MAX_BATCH,
    async createContext(asked) {
      const context = await options.createContext(asked)
      clearTimeout(silent.get(asked.res))
      return context
    },
    experimental_encoder: encoder,
    keepAlive: { enabled: true, pingMs: 15_000, pongWaitMs: 10_000 },
    ...(options.onError ? { onError: options.onError } : {}),
  })
  return { server, askToReconnect: () => handler.broadcastReconnectNotification() }
}

export type StreamOptions = {
  channel: Channel
  /** The newest seq that the client has; null gets a snapshot first. */
  after: number | null
  /** Events carry their position, so that a client resumes after it; without, they are sent as they are. */
  isTracked: boolean
  /** Sent before the channel's own, as it is at that moment. */
  first?: () => string
  socket: WebSocket | null
  signal: AbortSignal | undefined
  /** The stream ends with the caller's token; left out where nobody needs one. */
  session?: CallerSession
  /** Takes what ends the stream, and returns what forgets it. With a null reason the client may subscribe again at once. */
  endedBy?: (end: (reason: TablecastError | null) => void) => () => void
  maxBufferedBytes: number
  /** Asked once the stream can be ended and before anything is sent. Throws what the client is told. */
  mayStart?: () => Promise<unknown>
}

/**
 * The events of a channel as the body of a tRPC subscription. `E` is what the channel's texts hold.
 * Ends when the signal aborts; throws what it was ended with, or UNAVAILABLE when the log can't be read.
 */
export async function* streamChannel<E>(options: StreamOptions): AsyncGenerator<TrackedEnvelope<E>, void> {
  const ended = new Ending(options.signal)
  const forget = options.endedBy?.((reason) => ended.end(reason))
  const unwatch = options.session?.onExpiry(() => ended.end(expired()))
  const { socket } = options
  try {
    await options.mayStart?.()
    if (ended.isOver) {
      // Ended while it was asked: the reason follows below.
    } else if (socket) {
      yield new AttachMarker((requestId) => attach(socket, requestId, options, ended)) as unknown as TrackedEnvelope<E>
      await ended.promise
    } else {
      yield* pull<E>(options, ended)
    }
  } finally {
    forget?.()
    unwatch?.()
    ended.end(null)
  }
  const { reason } = ended
  if (!reason) return
  // Told first; then the connection ends, unless the client has ended it by itself.
  if (socket && errorKinds[reason.code].close) setTimeout(() => closeFor(socket, reason.code), CLOSE_MS).unref()
  throw new TRPCError({ code: errorKinds[reason.code].trpc, message: reason.message, cause: reason })
}

/** When a stream is over, once, and why; what hangs on it is let go before anything else happens. */
class Ending {
  readonly promise: Promise<void>
  reason: TablecastError | null = null
  isOver = false
  cursor: Cursor | null = null
  readonly #resolve: () => void

  constructor(signal: AbortSignal | undefined) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.promise = promise
    this.#resolve = resolve
    if (signal?.aborted) this.end(null)
    else signal?.addEventListener('abort', () => this.end(null), { once: true })
  }

  end(reason: TablecastError | null): void {
    if (this.isOver) return
    this.isOver = true
    this.reason = reason
    this.cursor?.detach()
    this.#resolve()
  }
}

const unreadable = () => new TablecastError('UNAVAILABLE', 'the log can not be read at the moment: try again')

function attach(socket: WebSocket, requestId: unknown, options: StreamOptions, ended: Ending): void {
  if (ended.isOver) return
  const { channel, after, first, maxBufferedBytes } = options
  const wire = options.isTracked ? trackedForm(requestId, channel.epoch) : plainForm(requestId)
  const sink = new SocketSink({ socket, wire, maxBufferedBytes, onClose: () => ended.end(unreadable()) })
  // The encoder runs inside the adapter's own write: what follows must not reach the socket before it.
  if (first) sink.write(new Batch([new HubEvent(0, first())]))
  ended.cursor = channel.subscribe(sink, after)
  sink.follow(ended.cursor)
}

function trackedForm(requestId: unknown, epoch: string): WireForm {
  const id = JSON.stringify(requestId)
  return {
    form: `tracked:${id}`,
    encode({ seq, text }) {
      const position = JSON.stringify(formatPosition({ epoch, seq }))
      return `{"id":${id},"result":{"type":"data","id":${position},"data":{"id":${position},"data":${text}}}}`
    },
  }
}

function plainForm(requestId: unknown): WireForm {
  const id = JSON.stringify(requestId)
  return { form: `plain:${id}`, encode: ({ text }) => `{"id":${id},"result":{"type":"data","data":${text}}}` }
}

/** Where there is no socket to write to (SSE, a caller): one batch at a time, the cursor waits in between. */
async function* pull<E>(options: StreamOptions, ended: Ending): AsyncGenerator<TrackedEnvelope<E>, void> {
  const { channel, after, first, isTracked } = options
  const box = new Mailbox(() => ended.end(unreadable()))
  const value = (event: HubEvent) => {
    const data = JSON.parse(event.text) as E
    return isTracked
      ? tracked(formatPosition({ epoch: channel.epoch, seq: event.seq }), data)
      : (data as TrackedEnvelope<E>)
  }
  if (first) yield value(new HubEvent(0, first()))
  const cursor = channel.subscribe(box, after)
  ended.cursor = cursor
  while (!ended.isOver) {
    const batch = box.take()
    if (!batch) {
      await Promise.race([box.arrival(), ended.promise])
      continue
    }
    for (const event of batch.events) {
      if (ended.isOver) return
      yield value(event)
    }
    cursor.drained()
  }
}

class Mailbox implements Sink {
  readonly close: () => void
  #batch: Batch | null = null
  #arrived = Promise.withResolvers<void>()

  constructor(close: () => void) {
    this.close = close
  }

  write(batch: Batch): boolean {
    this.#batch = batch
    this.#arrived.resolve()
    return false
  }

  take(): Batch | null {
    const batch = this.#batch
    this.#batch = null
    if (batch) this.#arrived = Promise.withResolvers<void>()
    return batch
  }

  arrival(): Promise<void> {
    return this.#arrived.promise
  }
}
