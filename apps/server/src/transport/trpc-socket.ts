// tRPC over WebSocket: the protocol of the stock client, to the letter, with streams that are serialised once.
//
// Stock tRPC's adapter runs a generator and a JSON.stringify per client and event, never looks at the socket's buffer, and
// keeps some 15 kB for each subscription. Here a subscription's body is a stream of a channel, attached to the socket; what
// is kept for it is a cursor, a sink and what has to be let go when it ends.
import type { IncomingMessage } from 'node:http'
import { errorKinds, jsonExcess, mustBeBounded, parseJson, TablecastError } from '@tablecast/contracts'
import { type AnyTRPCRouter, callTRPCProcedure, getTRPCErrorFromUnknown, TRPCError } from '@trpc/server'
import { parseConnectionParamsFromUnknown, type TRPCRequestInfo } from '@trpc/server/http'
import { parseTRPCMessage, type TRPCClientOutgoingMessage } from '@trpc/server/rpc'
import { getErrorShape } from '@trpc/server/shared'
import { type RawData, WebSocket } from 'ws'
import { type CallIds, newConnectionId } from './call-scope.ts'
import { closeFor, closeWith, cutOff, endingOf } from './close-for.ts'
import { type InputText, jsonPart } from './json-text.ts'
import type { KeepAlive, Peer } from './keep-alive.ts'
import { floodBucket, type TokenBucket } from './limits.ts'
import { ChannelStream, type Over, toTrpcError } from './stream.ts'
import { openWebSocketServer } from './web-socket-server.ts'

/** So long may it take until it is known who connects, and until a client has said anything. The silent ones are asked before. */
const BEGIN_MS = 5_000
const ASK_SILENT_MS = 1_000
/** Calls in one frame. The stock client sends together what it asks for in one tick. */
const MAX_BATCH = 100
const MAX_ID_LENGTH = 64
/** A client that was told why its stream ended has so long to close by itself. */
const CLOSE_MS = 1_000

type RequestId = number | string
/** What a client sent with its connection; null when it announced nothing. */
type Params = TRPCRequestInfo['connectionParams']

/** `input`: as the client sent it, undefined where it is not at hand. */
type Failure = { error: TRPCError; path: string | undefined; input: unknown; ids: CallIds }

export type TrpcSocketOptions<C> = {
  router: AnyTRPCRouter
  /** Once for each connection. `params` are null when the client announced none. What it throws ends the connection. */
  createContext(opened: {
    socket: WebSocket
    request: IncomingMessage
    params: Params
    connectionId: string
    /** Called once the socket is closed; at once when it is already. */
    whenClosed(work: () => void): void
    /** Called when the client seems to be gone, and when it is heard again. Returns what ends that. */
    whenSilent(changed: (isSilent: boolean) => void): () => void
  }): Promise<C>
  onError?(failure: Failure): void
  onOpen?(ids: CallIds): void
  onClose?(reason: string, ids: CallIds): void
  maxFrameBytes: number
  callsPerSecond: number
  keepAlive: KeepAlive
}

export function createTrpcSocketServer<C extends { ids: CallIds }>(options: TrpcSocketOptions<C>) {
  const server = openWebSocketServer({
    noServer: true,
    maxPayload: options.maxFrameBytes,
    perMessageDeflate: false,
    // One frame of a client, then everybody else’s: what came in one piece does not hold up the table.
    allowSynchronousEvents: false,
  })
  server.on('connection', (socket, request) => {
    const connection = new TrpcConnection(options, socket)
    connection.whenClosed(options.keepAlive.add(connection))
    socket.on('error', () => socket.terminate())
    socket.on('message', (data, isBinary) => connection.hear(data, isBinary))
    socket.on('close', (code) => connection.close(code))
    connection.open(request)
  })
  return { server }
}

/** Asks a client to come again: the stock one opens its next connection first, and lets this one go when nothing waits on it. */
export function askToReconnect(client: WebSocket): void {
  if (client.readyState === WebSocket.OPEN) client.send(JSON.stringify({ id: null, method: 'reconnect' }))
}

/** A subscription whose procedure has not answered yet. */
class Pending {
  isOver = false

  end(): void {
    this.isOver = true
  }
}

class TrpcConnection<C extends { ids: CallIds }> implements Peer {
  readonly #options: TrpcSocketOptions<C>
  readonly #socket: WebSocket
  readonly #frames: TokenBucket
  readonly #streams = new Map<RequestId, ChannelStream<unknown> | Pending>()
  /** Calls that wait for an answer. */
  #calls: Set<AbortController> | null = null
  #context: Promise<C> | null = null
  /** Makes the context of the first message; null once it is made, or being made. */
  #begin: ((params: Params) => void) | null = null
  #late: ReturnType<typeof setTimeout> | undefined
  /** Null once it is closed. */
  #closing: (() => void)[] | null = []
  #isHeard = false
  /** Who is told when it falls silent. */
  #silence: Set<(isSilent: boolean) => void> | null = null
  /** False until the client says anything, also that it is there when it is asked. */
  #hasSpoken = false
  #isKnown = false
  /** Whose it is, once that is known. */
  #ids: CallIds = { connectionId: newConnectionId() }

  constructor(options: TrpcSocketOptions<C>, socket: WebSocket) {
    this.#options = options
    this.#socket = socket
    this.#frames = floodBucket(options.callsPerSecond)
  }

  open(request: IncomingMessage): void {
    this.#options.onOpen?.(this.#ids)
    this.#late = setTimeout(() => {
      // One that announced parameters owes them; one without may have nothing to ask for yet.
      if (!this.#hasSpoken && !this.#begin) this.ask()
      this.#late = setTimeout(() => cutOff(this.#socket, 'unauthenticated'), BEGIN_MS - ASK_SILENT_MS)
    }, ASK_SILENT_MS)
    this.#begin = (params) => {
      this.#begin = null
      const { connectionId = '' } = this.#ids
      const whenClosed = (work: () => void) => this.whenClosed(work)
      const whenSilent = (changed: (isSilent: boolean) => void) => this.#whenSilent(changed)
      const opened = { socket: this.#socket, request, params, connectionId, whenClosed, whenSilent }
      this.#context = this.#options.createContext(opened)
      this.#context.then(
        (context) => this.#known(context),
        (error: unknown) => this.#refuse(error),
      )
    }
    if (new URL(request.url ?? '/', 'http://server').searchParams.get('connectionParams') !== '1') this.#begin(null)
  }

  hear(data: RawData, isBinary: boolean): void {
    // Who was sent away is not served until they are gone.
    if (this.#socket.readyState !== WebSocket.OPEN) return
    // Before anything is parsed: who goes on after many refusals costs nothing more.
    if (!this.#frames.take()) return closeFor(this.#socket, 'RATE_LIMITED')
    this.#isHeard = true
    this.#hasSpoken = true
    this.#hasBegun()
    const text = isBinary ? null : (data as Buffer).toString()
    if (text === 'PING') return this.#socket.send('PONG')
    if (text === 'PONG') return
    if (this.#begin) return this.#authenticate(text)
    const { messages, inputText } = this.#parse(text)
    for (const [index, message] of messages.entries())
      this.#handle(message, index, inputText).catch((error: unknown) => this.#fail(message, error))
  }

  whenClosed(work: () => void): void {
    if (this.#closing) this.#closing.push(work)
    else work()
  }

  close(code: number): void {
    clearTimeout(this.#late)
    const closing = this.#closing ?? []
    this.#closing = null
    for (const work of closing) work()
    this.#options.onClose?.(endingOf(this.#socket, code), this.#ids)
    for (const stream of this.#streams.values()) stream.end(null)
    this.#streams.clear()
    for (const call of this.#calls ?? []) call.abort()
  }

  wasHeard(): boolean {
    const wasHeard = this.#isHeard
    this.#isHeard = false
    return wasHeard
  }

  ask(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send('PING')
  }

  doubt(isSilent: boolean): void {
    for (const changed of this.#silence ?? []) changed(isSilent)
  }

  drop(): void {
    cutOff(this.#socket, 'silent')
  }

  #whenSilent(changed: (isSilent: boolean) => void): () => void {
    this.#silence ??= new Set()
    this.#silence.add(changed)
    return () => void this.#silence?.delete(changed)
  }

  #known({ ids }: C): void {
    this.#ids = ids
    this.#isKnown = true
    this.#hasBegun()
  }

  #hasBegun(): void {
    if (!this.#isKnown || !this.#hasSpoken) return
    clearTimeout(this.#late)
    this.#late = undefined
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

  /** Nobody knows who this is, so there is nothing more to say to them. */
  #refuse(error: unknown): void {
    this.#context ??= Promise.reject(error instanceof Error ? error : new Error(String(error)))
    this.#context.catch(() => {})
    this.#sendError({ id: null }, error)
    setImmediate(() => closeWith(this.#socket, undefined, 'refused'))
  }

  #parse(text: string | null): Parsed {
    try {
      if (text === null) throw new TablecastError('BAD_REQUEST', 'send text frames')
      const excess = jsonExcess(text)
      if (excess?.kind === 'values') throw new TablecastError('BAD_REQUEST', excess.reason)
      const json = parseJson(text)
      const isBatch = Array.isArray(json)
      const messages = isBatch ? (json as unknown[]) : [json]
      const reason = messages.length > MAX_BATCH ? `at most ${MAX_BATCH} calls in one frame` : excess?.reason
      if (reason !== undefined) {
        this.#refuseFrame(messages, reason)
        return nothingParsed
      }
      return {
        messages: messages.map((message) => parseTRPCMessage(message, this.#options.router._def._config.transformer)),
        inputText: (index) => jsonPart(text, [...(isBatch ? [index] : []), 'params', 'input']),
      }
    } catch (cause) {
      this.#sendError({ id: null }, new TRPCError({ code: 'PARSE_ERROR', cause }))
      return nothingParsed
    }
  }

  /** Every request in it gets the answer, so that none waits for ever. */
  #refuseFrame(messages: readonly unknown[], reason: string): void {
    const error = new TRPCError({ code: 'BAD_REQUEST', message: reason })
    const ids = messages.flatMap((message) => {
      const { id, method } = (message ?? {}) as { id?: unknown; method?: unknown }
      return method !== 'subscription.stop' && (typeof id === 'number' || typeof id === 'string') ? [id] : []
    })
    for (const id of ids.length > 0 ? ids : [null]) this.#sendError({ id }, error)
  }

  async #handle(message: TRPCClientOutgoingMessage, batchIndex: number, inputText: InputText): Promise<void> {
    const { id } = message
    if (id === null) throw new TRPCError({ code: 'PARSE_ERROR', message: '`id` is required' })
    // It is part of every frame, and frames are kept for a while.
    if (String(id).length > MAX_ID_LENGTH)
      throw new TRPCError({ code: 'BAD_REQUEST', message: `an id of ${MAX_ID_LENGTH} characters at most` })
    if (message.method === 'subscription.stop') return this.#streams.get(id)?.end(null)
    if (message.method === 'subscription') return this.#subscribe(message, id, batchIndex)
    const call = new AbortController()
    this.#calls ??= new Set()
    this.#calls.add(call)
    try {
      const data = await this.#call(message, batchIndex, { signal: call.signal, inputText })
      this.#send({ ...envelopeOf(message), result: { type: 'data', data } })
    } finally {
      this.#calls.delete(call)
    }
  }

  /** `more`: of calls that are answered at once. A subscription lasts, and would keep the text of its frame as long. */
  async #call(message: Call, batchIndex: number, more?: { signal: AbortSignal; inputText: InputText }) {
    const { router } = this.#options
    const { path, input, lastEventId } = message.params
    const context = await this.#context
    const ctx = more && message.method === 'mutation' ? { ...context, inputText: more.inputText } : context
    return callTRPCProcedure({
      router,
      path,
      getRawInput: () => Promise.resolve(lastEventId === undefined ? input : withLastEventId(input, lastEventId)),
      ctx,
      type: message.method,
      signal: more?.signal,
      batchIndex,
    })
  }

  async #subscribe(message: Call, id: RequestId, batchIndex: number): Promise<void> {
    if (this.#streams.has(id)) throw new TRPCError({ code: 'BAD_REQUEST', message: `Duplicate id ${id}` })
    const pending = new Pending()
    this.#streams.set(id, pending)
    let stream: unknown
    try {
      stream = await this.#call(message, batchIndex)
      if (!(stream instanceof ChannelStream))
        throw new Error(`${message.params.path} did not return a stream of a channel`)
    } catch (error) {
      this.#streams.delete(id)
      throw error
    }
    if (pending.isOver) {
      this.#streams.delete(id)
      this.#send({ ...envelopeOf(message), result: { type: 'stopped' } })
      return
    }
    this.#streams.set(id, stream)
    this.#send({ ...envelopeOf(message), result: { type: 'started' } })
    const { jsonrpc, method, params } = message
    const told = { id, jsonrpc, method, params: { path: params.path } }
    stream.attach(this.#socket, id, (over) => this.#over(told, over))
  }

  /** The id is free before the client is told so. */
  #over(message: Told, over: Over): void {
    if (message.id !== null && message.id !== undefined) this.#streams.delete(message.id)
    if (over.kind === 'failed') return this.#fail(message, toTrpcError(over.error))
    const { reason } = over
    if (!reason) return this.#send({ ...envelopeOf(message), result: { type: 'stopped' } })
    this.#fail(message, toTrpcError(reason))
    // Told first; then the connection ends, unless the client has ended it by itself.
    if (errorKinds[reason.code].close) setTimeout(() => closeFor(this.#socket, reason.code), CLOSE_MS).unref()
  }

  #fail(message: Told, error: unknown): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#sendError(message, error)
  }

  #sendError(message: Told, cause: unknown): void {
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

type Parsed = { messages: readonly TRPCClientOutgoingMessage[]; inputText: InputText }
const nothingParsed: Parsed = { messages: [], inputText: () => null }

type Call = Extract<TRPCClientOutgoingMessage, { params: unknown }>
type Told = {
  id?: RequestId | null
  jsonrpc?: '2.0' | undefined
  method?: string
  params?: { path: string; input?: unknown }
}

const envelopeOf = ({ id, jsonrpc }: Told) => (jsonrpc === undefined ? { id } : { id, jsonrpc })

const withLastEventId = (input: unknown, lastEventId: string): unknown =>
  typeof input === 'object' && input !== null ? { ...input, lastEventId } : (input ?? { lastEventId })
