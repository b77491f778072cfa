// The events of a channel as the body of a tRPC subscription. The procedure stays an ordinary typed one: it returns an iterable, and
// server-sent events iterate it. A WebSocket does not iterate. The stream attaches to it as a sink of the channel, and an event then
// costs one write of a frame that all sockets share.
import { errorKinds, formatPosition, TablecastError } from '@tablecast/contracts'
import { Batch, type Channel, type Cursor, HubEvent } from '@tablecast/hub'
import { tracked, type TrackedEnvelope, TRPCError } from '@trpc/server'
import type { WebSocket } from 'ws'
import { type CallerSession, expired, type ExpiryWatcher } from './caller-session.ts'
import { type Few, listOf, withOne } from './few.ts'
import { gatherWrites } from './gathered-writes.ts'
import { type CountedSink, noteReconnect, type Tally, tallyOf } from './stage-meter.ts'
import { toWireError } from './wire-error.ts'
import { exactJson } from './json-text.ts'
import { type SinkOwner, SocketSink, type WireForm } from './socket-sink.ts'

export type StreamSource = {
  channel: Channel
  /** The newest seq that the client has. With null it gets a snapshot first. */
  after: number | null
  /** The position that the client sent to resume from, if any. */
  lastEventId?: string | null | undefined
  /** True: each event carries its position, and a client can resume after it. False: events are sent without one. */
  isTracked: boolean
  /** Makes the text of an event that is sent before the channel's own. Called at the start of the stream. */
  first?: () => string
  maxBufferedBytes: number
}

export type StreamOptions = {
  /**
   * Called once, when the client begins to read. It passes the cleanup of each resource that it takes to `stream.hold`. Null ends the
   * stream at once. The client receives the error that it throws.
   */
  open(stream: StreamScope): Promise<StreamSource | null> | StreamSource | null
  /** The stream ends when the token of this session expires. Left out where no token is needed. */
  session?: CallerSession
  /** Ends an iteration. A WebSocket does not use it. */
  signal?: AbortSignal | undefined
}

export type StreamScope = {
  readonly isOver: boolean
  /** Calls or disposes `held` once when the stream ends, or at once if it has ended already. */
  hold(held: Held): void
  /** The client receives `reason`; after null it may subscribe again at once. */
  end(reason: TablecastError | null): void
}

/** A cleanup. An object takes less memory than a function that refers to other values. */
export type Held = (() => void) | Disposable

const free = (held: Held): void => (typeof held === 'function' ? held() : held[Symbol.dispose]())

/** The subscription of a client, which its stream writes to. */
export interface StreamOwner {
  /** Called once. */
  over(over: StreamEnd): void
}

/** Why a stream is over. `ended`: a call of `end`, with or without a reason. `failed`: it could not begin. */
export type StreamEnd = { kind: 'ended'; reason: TablecastError | null } | { kind: 'failed'; error: unknown }

/** `E` is the type of the channel's events. A stream can be read once. */
export class ChannelStream<E> implements AsyncIterable<TrackedEnvelope<E>>, StreamScope, SinkOwner, ExpiryWatcher {
  /** Null once the stream has begun: an idle stream keeps nothing of its call in memory. */
  #options: StreamOptions | null
  /** False before the stream has begun. */
  #needsToken = false
  #held: Few<Held> = null
  #over: StreamEnd | null = null
  #cursor: Cursor | null = null
  #owner: StreamOwner | null = null

  constructor(options: StreamOptions) {
    this.#options = options
  }

  get isOver(): boolean {
    return this.#over !== null
  }

  hold(held: Held): void {
    if (this.#over) free(held)
    else this.#held = withOne(this.#held, held)
  }

  /** Nothing is written after this returns, and all cleanups have run. */
  end(reason: TablecastError | null): void {
    this.#finish({ kind: 'ended', reason })
  }

  expired(): void {
    if (this.#needsToken) this.end(expired())
  }

  /** The log of the channel can't be read. */
  closed(): void {
    this.end(new TablecastError('UNAVAILABLE', 'The log can not be read at the moment: try again.'))
  }

  /**
   * Writes to the socket, in the envelope of that request, until the stream is over. The owner calls `expired` when the token of the
   * connection expires. Resolves when the stream has begun, or can't begin; never rejects.
   */
  attach(socket: WebSocket, requestId: number | string, owner: StreamOwner): Promise<void> {
    this.#owner = owner
    return this.#start()
      .then((source) => (source && !this.#over ? this.#writeTo(socket, requestId, source) : undefined))
      .catch((error: unknown) => this.#finish({ kind: 'failed', error }))
  }

  /** Throws the reason with which the stream was ended, or the error for which it could not begin. */
  async *[Symbol.asyncIterator](): AsyncGenerator<TrackedEnvelope<E>, void> {
    const { signal, session } = this.#options ?? {}
    const abort = () => this.end(null)
    if (signal?.aborted) return
    session?.watch(this)
    signal?.addEventListener('abort', abort, { once: true })
    try {
      const source = await this.#start()
      if (source && !this.#over) yield* this.#pull(source, session)
    } finally {
      signal?.removeEventListener('abort', abort)
      session?.unwatch(this)
      this.end(null)
    }
    if (this.#over?.kind === 'ended' && this.#over.reason) throw toTrpcError(this.#over.reason)
  }

  async #start(): Promise<StreamSource | null> {
    if (!this.#options) throw new Error('a stream is read once')
    const { session, open } = this.#options
    this.#options = null
    this.#needsToken = session !== undefined
    const source = await open(this)
    if (!source) this.end(null)
    else noteReconnect(source.channel, source.lastEventId)
    return source
  }

  #finish(over: StreamEnd): void {
    if (this.#over) return
    this.#over = over
    this.#cursor?.detach()
    const held = this.#held
    this.#held = null
    for (const one of listOf(held).toReversed()) free(one)
    this.#owner?.over(over)
  }

  #writeTo(socket: WebSocket, requestId: number | string, source: StreamSource): void {
    const { channel, after, first, maxBufferedBytes } = source
    const wire = source.isTracked ? trackedForm(requestId, channel) : plainForm(requestId)
    const tally = tallyOf(channel, 'trpc')
    const sink = new SocketSink({ socket, wire, maxBufferedBytes, tally, owner: this })
    gatherWrites(socket)
    if (first) sink.write(new Batch([new HubEvent(0, first())]))
    this.#follow(channel.subscribe(sink, after))
    if (this.#cursor) sink.follow(this.#cursor)
  }

  /** Takes one batch at a time. The cursor waits until the reader has taken all of it. */
  async *#pull(source: StreamSource, session: CallerSession | undefined): AsyncGenerator<TrackedEnvelope<E>, void> {
    const { channel, after, first, isTracked } = source
    const tally = tallyOf(channel, 'sse')
    const box = new Mailbox(tally, session, () => this.closed())
    this.#owner = { over: () => box.wake() }
    const value = (event: HubEvent) => {
      tally.deliveries += 1
      // The bytes of tRPC's envelope are not counted: tRPC adds it later.
      tally.bytes += Buffer.byteLength(event.text)
      const data = valueOf(event) as E
      return isTracked
        ? tracked(formatPosition({ epoch: channel.epoch, seq: event.seq }), data)
        : (data as TrackedEnvelope<E>)
    }
    if (first) yield value(new HubEvent(0, first()))
    const cursor = channel.subscribe(box, after)
    this.#follow(cursor)
    while (!this.#over) {
      const batch = box.take()
      if (!batch) {
        await box.arrival()
        continue
      }
      for (const event of batch.events) {
        if (this.isOver) return
        yield value(event)
      }
      cursor.drained()
    }
  }

  /** The hub may close the sink within `subscribe`, before there is a cursor to detach. */
  #follow(cursor: Cursor): void {
    this.#cursor = cursor
    if (this.#over) cursor.detach()
  }
}

const values = new WeakMap<HubEvent, unknown>()

/** Parses an event once for all iterations. They only write the value out again, and must not change it. */
function valueOf(event: HubEvent): unknown {
  let value = values.get(event)
  if (value === undefined) values.set(event, (value = exactJson(event.text)))
  return value
}

export const toTrpcError = (cause: unknown): TRPCError => {
  const { code, message } = toWireError(cause)
  return new TRPCError({ code: errorKinds[code].trpc, message, cause })
}

/** Clients count their requests from one, so a thousand sockets share a few forms. A form with a higher id is not shared. */
const SHARED_IDS = 64
const sharedForms = new WeakMap<Channel, Map<number, WireForm>>()

function trackedForm(requestId: number | string, channel: Channel): WireForm {
  if (typeof requestId === 'string' || !(requestId >= 0 && requestId < SHARED_IDS))
    return makeTrackedForm(requestId, channel)
  const forms = sharedForms.get(channel) ?? new Map<number, WireForm>()
  sharedForms.set(channel, forms)
  const form = forms.get(requestId) ?? makeTrackedForm(requestId, channel)
  forms.set(requestId, form)
  return form
}

function makeTrackedForm(requestId: number | string, { epoch }: Channel): WireForm {
  const id = JSON.stringify(requestId)
  return {
    form: `tracked:${id}`,
    encode({ seq, text }) {
      const position = JSON.stringify(formatPosition({ epoch, seq }))
      return `{"id":${id},"result":{"type":"data","id":${position},"data":{"id":${position},"data":${text}}}}`
    },
  }
}

function plainForm(requestId: number | string): WireForm {
  const id = JSON.stringify(requestId)
  return { form: `plain:${id}`, encode: ({ text }) => `{"id":${id},"result":{"type":"data","data":${text}}}` }
}

class Mailbox implements CountedSink {
  readonly tally: Tally
  readonly client: CallerSession | undefined
  /** The reader takes a batch only when it wants one, so nothing waits here. */
  readonly bytesWaiting = 0
  readonly close: () => void
  #batch: Batch | null = null
  #arrived = Promise.withResolvers<void>()

  constructor(tally: Tally, client: CallerSession | undefined, close: () => void) {
    this.tally = tally
    this.client = client
    this.close = close
  }

  write(batch: Batch): boolean {
    this.#batch = batch
    this.wake()
    return false
  }

  wake(): void {
    this.#arrived.resolve()
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
