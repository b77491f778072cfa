import type { IncomingMessage } from 'node:http'
import { errorKinds, mustBeBounded } from '@tablecast/contracts'
import { callTRPCProcedure, getTRPCErrorFromUnknown, TRPCError } from '@trpc/server'
import { parseConnectionParamsFromUnknown } from '@trpc/server/http'
import type { TRPCClientOutgoingMessage } from '@trpc/server/rpc'
import { getErrorShape } from '@trpc/server/shared'
import { type RawData, WebSocket } from 'ws'
import { type CallIds, newConnectionId } from './call-scope.ts'
import type { ExpiryWatcher } from './caller-session.ts'
import { closeWithError, closeWith, cutOff, closeReasonOf } from './close-socket.ts'
import { type Few, listOf, withOne, withoutOne } from './few.ts'
import { gatherWrites } from './gathered-writes.ts'
import type { InputText } from './json-text.ts'
import type { Peer } from './keep-alive.ts'
import type { Connection } from './served-socket.ts'
import { ChannelStream, type StreamEnd, toTrpcError } from './stream.ts'
import {
  type Call,
  envelopeOf,
  inputOf,
  parseFrame,
  type RefusedFrame,
  type RequestHead,
  type RequestId,
  requestIdOf,
} from './trpc-frame.ts'
import type { Params, ServedOptions } from './trpc-socket-options.ts'
import { type Subscriber, Subscription } from './trpc-subscription.ts'

/** Within this time the caller must be identified, and the client must have sent a frame. */
const BEGIN_TIMEOUT_MS = 5_000
/** A client that has sent nothing after this time gets a PING. */
const FIRST_PING_DELAY_MS = 1_000
/** After its stream ended with an error, a client has this time to close by itself. */
const CLIENT_CLOSE_DELAY_MS = 1_000
/** The time from the end of an expired client's streams to the end of its connection. */
const EXPIRED_CLOSE_DELAY_MS = 500

/** Every idle client has one, so it keeps no functions, and drops values that only the start or a call needs. */
export class TrpcConnection<C extends { ids: CallIds }> implements Connection, ExpiryWatcher, Peer, Subscriber {
  readonly #options: ServedOptions<C>
  readonly #socket: WebSocket
  #frames = 0
  #subscriptions: Few<Subscription> = null
  /** Calls that wait for an answer. */
  #calls: Set<AbortController> | null = null
  /** While it is being created; of null if the client has left before its turn. */
  #context: Promise<C | null> | null = null
  /** Null until the caller is identified. */
  context: C | null = null
  /** Takes this socket out of the queue; null once it is its turn, so that the request is not kept in memory. */
  #giveUp: (() => void) | null = null
  /** Ends the arrival of this socket; null before its turn and once it is over. */
  #leave: (() => void) | null = null
  /** The streams that have not begun. */
  #starting = 0
  /** Starts to create the context, with the client's parameters; null once that has started. */
  #begin: ((params: Params) => void) | null = null
  #beginTimer: ReturnType<typeof setTimeout> | undefined
  #isClosed = false
  #hasSent = false
  /** Called when the client falls silent and when it sends again. */
  #silenceListeners: Set<(isSilent: boolean) => void> | null = null
  /** The client has sent a frame; the answer to a PING counts. */
  #hasSentFrame = false
  #isIdentified = false
  /** With the user's id once the caller is identified. */
  #ids: CallIds = { connectionId: newConnectionId() }

  constructor(options: ServedOptions<C>, socket: WebSocket) {
    this.#options = options
    this.#socket = socket
  }

  open(request: IncomingMessage): void {
    this.#options.keepAlive.add(this)
    this.#options.onOpen?.(this.#ids)
    this.#beginTimer = setTimeout(() => {
      // A client that announced parameters must send them. A client without may have nothing to ask for yet, so it gets a PING.
      if (!this.#hasSentFrame && !this.#begin) this.ask()
      this.#startBeginTimer(BEGIN_TIMEOUT_MS - FIRST_PING_DELAY_MS)
    }, FIRST_PING_DELAY_MS)
    this.#begin = (params) => {
      this.#begin = null
      const { connectionId = '' } = this.#ids
      const opened = { socket: this.#socket, request, params, connectionId, watcher: this }
      this.#context = this.#arrive(() => this.#options.createContext(opened))
      this.#context.then(
        (context) => this.#identified(context),
        (error: unknown) => this.#refuse(error),
      )
    }
    if (new URL(request.url ?? '/', 'http://server').searchParams.get('connectionParams') !== '1') this.#begin(null)
  }

  /** Waits for the turn of this socket. The wait does not count against the client. */
  #arrive(work: () => Promise<C>): Promise<C | null> {
    const { promise, resolve, reject } = Promise.withResolvers<C | null>()
    let isWaiting = true
    const leaveQueue = this.#options.arrivals.enter((leave) => {
      isWaiting = false
      this.#giveUp = null
      this.#leave = leave
      if (this.#beginTimer) this.#startBeginTimer(BEGIN_TIMEOUT_MS)
      work().then(resolve, reject)
    })
    // Calls that came with the parameters wait for the context. They end too.
    if (isWaiting)
      this.#giveUp = () => {
        leaveQueue()
        resolve(null)
      }
    return promise
  }

  /** The client's streams have begun, so its turn in `Arrivals` is over. */
  #leaveOnce(): void {
    if (this.#starting > 0 || !this.#leave) return
    this.#leave()
    this.#leave = null
  }

  receive(data: RawData, isBinary: boolean): void {
    // Ignore frames that arrive after we started closing.
    if (this.#socket.readyState !== WebSocket.OPEN) return
    // Checked before anything is parsed, so that a flood costs nothing more.
    const left = this.#options.frames.take(this.#frames)
    if (left === null) return closeWithError(this.#socket, 'RATE_LIMITED')
    this.#frames = left
    this.#hasSent = true
    this.#hasSentFrame = true
    this.#stopBeginTimer()
    const text = isBinary ? null : (data as Buffer).toString()
    if (text === 'PING') return this.#socket.send('PONG')
    if (text === 'PONG') return
    if (this.#begin) return this.#authenticate(text)
    const frame = parseFrame(text, this.#options.router)
    if ('error' in frame) return this.#refuseFrame(frame)
    const { messages, inputText } = frame
    for (const [index, message] of messages.entries()) {
      const answered = this.#options.calls?.begin(this.#socket)
      this.#handle(message, index, inputText)
        .catch((error: unknown) => this.#fail(message, error))
        .finally(answered)
    }
  }

  close(code: number): void {
    this.#isClosed = true
    clearTimeout(this.#beginTimer)
    this.#giveUp?.()
    this.#options.keepAlive.remove(this)
    if (this.context) this.#options.release?.(this.context)
    this.#options.onClose?.(closeReasonOf(this.#socket, code), this.#ids)
    for (const subscription of listOf(this.#subscriptions)) subscription.stop()
    this.#subscriptions = null
    for (const call of this.#calls ?? []) call.abort()
  }

  /** Each stream sends its own error first. Then the connection ends. */
  expired(): void {
    for (const { stream } of listOf(this.#subscriptions)) stream?.expired()
    setTimeout(() => closeWithError(this.#socket, 'UNAUTHORIZED'), EXPIRED_CLOSE_DELAY_MS)
  }

  hasSent(): boolean {
    const hasSent = this.#hasSent
    this.#hasSent = false
    return hasSent
  }

  ask(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send('PING')
  }

  doubt(isSilent: boolean): void {
    for (const changed of this.#silenceListeners ?? []) changed(isSilent)
  }

  drop(): void {
    cutOff(this.#socket, 'silent')
  }

  #whenSilent(changed: (isSilent: boolean) => void): () => void {
    this.#silenceListeners ??= new Set()
    this.#silenceListeners.add(changed)
    return () => void this.#silenceListeners?.delete(changed)
  }

  #startBeginTimer(ms: number): void {
    clearTimeout(this.#beginTimer)
    this.#beginTimer = setTimeout(() => {
      // The client has done its part, and waits for its turn.
      if (this.#giveUp) return
      cutOff(this.#socket, 'unauthenticated')
    }, ms)
  }

  #identified(context: C | null): void {
    if (!context) return
    // The frames that came with the parameters are handled first.
    setImmediate(() => this.#leaveOnce())
    // The client may have disconnected while its token was verified.
    if (this.#isClosed) return this.#options.release?.(context)
    this.context = context
    this.#context = null
    this.#ids = context.ids
    this.#isIdentified = true
    this.#stopBeginTimer()
  }

  #stopBeginTimer(): void {
    if (!this.#isIdentified || !this.#hasSentFrame) return
    clearTimeout(this.#beginTimer)
    this.#beginTimer = undefined
  }

  #authenticate(text: string | null): void {
    try {
      mustBeBounded(text ?? '')
      const message = JSON.parse(text ?? '') as { data?: unknown }
      this.#begin?.(parseConnectionParamsFromUnknown(message.data))
    } catch (cause) {
      this.#begin = null
      this.#refuse(new TRPCError({ code: 'PARSE_ERROR', message: 'send the connection parameters first', cause }))
    }
  }

  /** Sends the error and ends the connection: without a caller there is nothing to serve. */
  #refuse(error: unknown): void {
    this.#context ??= Promise.reject(error instanceof Error ? error : new Error(String(error)))
    this.#context.catch(() => {})
    this.#leaveOnce()
    this.#sendError({ id: null }, error)
    setImmediate(() => closeWith(this.#socket, undefined, 'refused'))
  }

  #refuseFrame({ ids, error }: RefusedFrame): void {
    for (const id of ids) this.#sendError({ id }, error)
  }

  async #handle(message: TRPCClientOutgoingMessage, batchIndex: number, inputText: InputText): Promise<void> {
    const id = requestIdOf(message)
    if (message.method === 'subscription.stop') return this.#subscriptionOf(id)?.stop()
    if (message.method === 'subscription') return this.#subscribe(message, id, batchIndex)
    const call = new AbortController()
    this.#calls ??= new Set()
    this.#calls.add(call)
    try {
      const data = await this.#call(message, batchIndex, { signal: call.signal, inputText })
      this.#send({ ...envelopeOf(message), result: { type: 'data', data } })
    } finally {
      this.#calls.delete(call)
      if (this.#calls.size === 0) this.#calls = null
    }
  }

  /** `more` is left out for a subscription, which would otherwise keep the text of its frame in memory for as long as it lasts. */
  async #call(message: Call, batchIndex: number, more?: { signal: AbortSignal; inputText: InputText }) {
    const { router } = this.#options
    const context = this.context ?? (await this.#context)
    if (!context) throw new Error('the client has left before its turn')
    const ctx = {
      ...context,
      /**
       * Calls `changed` with true when the client seems to be gone, and with false when it sends again. Returns a function that stops
       * that.
       */
      whenSilent: (changed: (isSilent: boolean) => void) => this.#whenSilent(changed),
      ...(more && message.method === 'mutation' ? { inputText: more.inputText } : {}),
    }
    return callTRPCProcedure({
      router,
      path: message.params.path,
      getRawInput: () => Promise.resolve(inputOf(message.params)),
      ctx,
      type: message.method,
      signal: more?.signal,
      batchIndex,
    })
  }

  async #subscribe(message: Call, id: RequestId, batchIndex: number): Promise<void> {
    this.#starting += 1
    try {
      await this.#startStream(message, id, batchIndex)
    } finally {
      this.#starting -= 1
      this.#leaveOnce()
    }
  }

  async #startStream(message: Call, id: RequestId, batchIndex: number): Promise<void> {
    if (this.#subscriptionOf(id)) throw new TRPCError({ code: 'BAD_REQUEST', message: `Duplicate id ${id}` })
    const subscription = new Subscription(id, message, this)
    this.#subscriptions = withOne(this.#subscriptions, subscription)
    let stream: unknown
    try {
      stream = await this.#call(message, batchIndex)
      if (!(stream instanceof ChannelStream))
        throw new Error(`${message.params.path} did not return a stream of a channel`)
    } catch (error) {
      this.#forget(subscription)
      throw error
    }
    if (subscription.isStopped) {
      this.#forget(subscription)
      this.#send({ ...envelopeOf(message), result: { type: 'stopped' } })
      return
    }
    subscription.stream = stream
    gatherWrites(this.#socket)
    this.#send({ ...envelopeOf(message), result: { type: 'started' } })
    await stream.attach(this.#socket, id, subscription)
  }

  #subscriptionOf(id: RequestId): Subscription | undefined {
    return listOf(this.#subscriptions).find((subscription) => subscription.id === id)
  }

  #forget(subscription: Subscription): void {
    this.#subscriptions = withoutOne(this.#subscriptions, subscription)
  }

  /** Frees the id before the client can learn that the stream is over and use the id again. */
  subscriptionOver(subscription: Subscription, over: StreamEnd): void {
    this.#forget(subscription)
    const { head } = subscription
    if (over.kind === 'failed') return this.#fail(head, toTrpcError(over.error))
    const { reason } = over
    if (!reason) return this.#send({ ...envelopeOf(head), result: { type: 'stopped' } })
    this.#fail(head, toTrpcError(reason))
    // The error goes out first. Then the connection ends, unless the client has closed it.
    if (errorKinds[reason.code].close)
      setTimeout(() => closeWithError(this.#socket, reason.code), CLIENT_CLOSE_DELAY_MS).unref()
  }

  #fail(message: RequestHead, error: unknown): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#sendError(message, error)
  }

  #sendError(message: RequestHead, cause: unknown): void {
    const error = getTRPCErrorFromUnknown(cause)
    const path = message.params?.path
    const type = (message.method ?? 'unknown') as 'unknown'
    this.#options.onError?.({ error, path, input: message.params?.input, ids: this.#ids })
    const config = this.#options.router._def._config
    const shape: unknown = getErrorShape({ config, error, type, path, input: undefined, ctx: undefined })
    this.#send({ ...envelopeOf(message), error: shape })
  }

  #send(message: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
  }
}
