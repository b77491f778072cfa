// Every door of the server, for a client that writes raw bytes. A door knows its targets and the schema of their input.
import type { Socket } from 'node:net'
import { PlainDmMessage, PlainPlayerMessage, TopicFrame } from '@tablecast/contracts'
import { clientFrame, rawWebSocket } from '@tablecast/testing'
import { io, type Socket as SocketIoClient } from 'socket.io-client'
import { z } from 'zod'
import { idleRouter } from '../procedures.ts'
import { framesOfCall } from './frames-of-call.ts'
import type { JsonSchema } from './inputs.ts'

/**
 * A call, route or event of a door. `schema` describes the body or message, and is null without one. `head` describes the address.
 * `largest` is the size in bytes above which an input is not worth sending.
 */
export type Target = { name: string; schema: JsonSchema | null; head?: JsonSchema; largest: number }

/** An input as text, which may be invalid JSON. */
export type SentRequest = { text: string; head: string }

/** The received text. `status` is null on sockets. `earlier`: text about earlier calls that came meanwhile. */
export type Answer = { status: number | null; text: string; earlier?: string }

export interface Door extends AsyncDisposable {
  readonly name: DoorName
  readonly targets: readonly Target[]
  /** Resolves with all text up to the server's answer. Throws without an answer in `ANSWER_TIMEOUT_MS`. */
  send(target: Target, sent: SentRequest, token: string | null): Promise<Answer>
}

export const doorNames = ['trpc-http', 'trpc-websocket', 'rest', 'plain-socket', 'socket.io'] as const
export type DoorName = (typeof doorNames)[number]

const FRAME = 65_000
const BODY = 130_000
const LARGE_BODY = 1_000_000
/** The size of an encoded URL. Node refuses a longer request head. */
const QUERY = 12_000
const ANSWER_TIMEOUT_MS = 20_000

export async function openDoors(url: string, port: number): Promise<Door[]> {
  return [
    new TrpcHttp(url),
    new TrpcWebSocket(port),
    new Rest(url, await restTargets(url)),
    new PlainSockets(port),
    new SocketIo(url),
  ]
}

const toJsonSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema

type Procedure = { _def: { type: 'query' | 'mutation' | 'subscription'; inputs: z.ZodType[] } }

/** Each procedure of the router. They are listed and never called, so the router needs no collaborators. */
const procedures = idleRouter._def.procedures as unknown as Record<string, Procedure>

type ProcedureTarget = Target & { type: Procedure['_def']['type'] }

function procedureTargets(largest: (path: string, type: Procedure['_def']['type']) => number): ProcedureTarget[] {
  return Object.entries(procedures).map(([name, { _def }]) => {
    const inputs = _def.inputs.map(toJsonSchema)
    const $defs = Object.assign({}, ...inputs.map((one) => one.$defs ?? {})) as Record<string, JsonSchema>
    return { name, type: _def.type, schema: { allOf: inputs, $defs }, largest: largest(name, _def.type) }
  })
}

/** Queries whose input is too long for a URL, so clients use POST. */
const posted = new Set(['campaign.previewImport', 'campaign.previewScenario', 'statBlocks.previewImport'])
const large = new Set([
  'campaign.edit',
  'campaign.importScenario',
  'campaign.import',
  'statBlocks.import',
  'statBlocks.put',
  ...posted,
])

const bearer = (token: string | null): Record<string, string> =>
  token === null ? {} : { authorization: `Bearer ${token}` }

/** The whole answer, or the first part of an endless stream. */
async function answerOf(request: Promise<Response>, isStream: boolean): Promise<Answer> {
  const response = await request
  if (!isStream) return { status: response.status, text: await response.text() }
  const reader = response.body?.getReader()
  const first = await reader?.read()
  await reader?.cancel()
  return { status: response.status, text: first?.value ? new TextDecoder().decode(first.value) : '' }
}

class TrpcHttp implements Door {
  readonly name = 'trpc-http'
  readonly targets: readonly ProcedureTarget[]
  readonly #url: string
  #count = 0

  constructor(url: string) {
    this.#url = url
    this.targets = procedureTargets((path, type) => (large.has(path) ? LARGE_BODY : type === 'mutation' ? BODY : QUERY))
  }

  send({ name, type }: ProcedureTarget, { text }: SentRequest, token: string | null): Promise<Answer> {
    this.#count += 1
    const isBatch = type !== 'subscription' && this.#count % 5 === 0
    const path = isBatch ? `${name},auth.config,${name}?batch=1` : `${name}?`
    const input = isBatch ? `{"0":${text},"1":{},"2":${text}}` : text
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS)
    if (type === 'mutation' || posted.has(name)) {
      // All calls of a batch must have one type. The middle call has the other type, so only that call is refused.
      const asked = type === 'mutation' && isBatch ? path.replace('auth.config', 'auth.guest') : path
      return answerOf(this.#post(asked, input, token, signal), false)
    }
    const address = `${this.#url}/trpc/${path}&input=${encodeURIComponent(input)}`
    const headers = { ...bearer(token), ...(type === 'subscription' ? { accept: 'text/event-stream' } : {}) }
    return answerOf(fetch(address, { headers, signal }), type === 'subscription')
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #post(path: string, body: string, token: string | null, signal: AbortSignal): Promise<Response> {
    const headers = { 'content-type': 'application/json', ...bearer(token) }
    return fetch(`${this.#url}/trpc/${path}`, { method: 'POST', headers, body, signal })
  }
}

/** The REST routes, from the server's own OpenAPI document. */
async function restTargets(url: string): Promise<RestTarget[]> {
  const document = (await (await fetch(`${url}/docs/json`)).json()) as OpenApi
  const $defs = Object.fromEntries(
    Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => [name, schema]),
  )
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const given = operation.parameters ?? []
      const place = (where: string): JsonSchema => ({
        type: 'object',
        properties: Object.fromEntries(
          given.filter((one) => one.in === where).map(({ name, schema }) => [name, schema]),
        ),
        required: given.filter((one) => one.in === where && one.required === true).map(({ name }) => name),
      })
      const schema = operation.requestBody?.content['application/json']?.schema ?? null
      const head: JsonSchema = {
        type: 'object',
        properties: { path: place('path'), query: place('query') },
        required: ['path', 'query'],
        $defs,
      }
      const name = `${method.toUpperCase()} ${path}`
      return { name, method: method.toUpperCase(), path, schema: schema && { ...schema, $defs }, head, largest: BODY }
    }),
  )
}

type OpenApi = {
  components?: { schemas?: Record<string, JsonSchema> }
  paths: Record<
    string,
    Record<
      string,
      {
        parameters?: { in: string; name: string; required?: boolean; schema: JsonSchema }[]
        requestBody?: { content: Record<string, { schema: JsonSchema }> }
      }
    >
  >
}
type RestTarget = Target & { method: string; path: string }

class Rest implements Door {
  readonly name = 'rest'
  readonly targets: readonly RestTarget[]
  readonly #url: string

  constructor(url: string, targets: readonly RestTarget[]) {
    this.#url = url
    this.targets = targets
  }

  send(
    { method, path, schema }: RestTarget,
    { text, head: named }: SentRequest,
    token: string | null,
  ): Promise<Answer> {
    const head = parsedOr<{ path?: unknown; query?: unknown }>(named)
    const inPath = new Map(Object.entries(Object(head?.path ?? {}) as object))
    const filled = path.replaceAll(
      /\{(\w+)\}/g,
      (_all, name: string) => encodeURIComponent(wordOf(inPath.get(name))) || 'x',
    )
    const query = Object.entries(Object(head?.query ?? {}) as object).map(([name, value]) => [name, wordOf(value)])
    const search = new URLSearchParams(query as [string, string][]).toString().slice(0, QUERY)
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS)
    const hasBody = schema !== null
    const headers = { ...bearer(token), ...(hasBody ? { 'content-type': 'application/json' } : {}) }
    const request = { method, headers, signal, ...(hasBody ? { body: text } : {}) }
    return answerOf(fetch(`${this.#url}${filled.slice(0, QUERY)}?${search}`, request), false)
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

const wordOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

function parsedOr<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T
  } catch {
    return null
  }
}

/** A WebSocket on a bare socket. It keeps received text until `until` returns it. */
class RawSocket {
  readonly socket: Socket
  isClosed = false
  #text = ''

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (part: Buffer) => (this.#text += part.toString('utf8')))
    socket.once('close', () => (this.isClosed = true))
  }

  static async open(port: number, path: string): Promise<RawSocket> {
    const opened = new RawSocket(rawWebSocket(port, path))
    await opened.until((text) => text.includes('\r\n\r\n'))
    opened.#text = ''
    return opened
  }

  write(text: string): void {
    this.socket.write(clientFrame(text))
  }

  /** All text since the last call, after `holds` is true for it or the socket closed. */
  async until(holds: (text: string) => boolean): Promise<string> {
    const deadline = performance.now() + ANSWER_TIMEOUT_MS
    while (!holds(this.#text) && !this.isClosed) {
      if (performance.now() > deadline) throw new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1_000} s`)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    const text = this.#text
    this.#text = ''
    return text
  }

  close(): void {
    this.socket.destroy()
  }
}

/** Sockets that stay open from one attack to the next, unless the server closes them. */
class RawSockets {
  readonly #port: number
  readonly #open = new Map<string, RawSocket>()

  constructor(port: number) {
    this.#port = port
  }

  async get(path: string, greet: (socket: RawSocket) => void = () => {}): Promise<RawSocket> {
    const known = this.#open.get(path)
    if (known && !known.isClosed) return known
    const opened = await RawSocket.open(this.#port, path)
    greet(opened)
    this.#open.set(path, opened)
    return opened
  }

  closeAll(): void {
    for (const socket of this.#open.values()) socket.close()
  }
}

class TrpcWebSocket implements Door {
  readonly name = 'trpc-websocket'
  readonly targets = procedureTargets(() => FRAME)
  readonly #sockets: RawSockets
  #id = 0

  constructor(port: number) {
    this.#sockets = new RawSockets(port)
  }

  async send({ name, type }: ProcedureTarget, { text }: SentRequest, token: string | null): Promise<Answer> {
    // The parameter `of` gives each caller a socket.
    const socket = await this.#sockets.get(`/trpc?connectionParams=1&of=${token?.slice(-8) ?? ''}`, (opened) =>
      opened.write(JSON.stringify({ method: 'connectionParams', data: token === null ? {} : { token } })),
    )
    const id = ++this.#id
    socket.write(`{"id":${id},"method":"${type}","params":{"path":"${name}","input":${text}}}`)
    const answered = (all: string) => all.includes(`"id":${id},`) || all.includes('{"id":null,"error"')
    const answer = await socket.until(answered)
    if (type === 'subscription') socket.write(`{"id":${id},"method":"subscription.stop"}`)
    const { own, earlier } = framesOfCall(id, answer)
    return { status: null, text: own, earlier }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sockets.closeAll()
  }
}

const Ping = z.object({ type: z.literal('ping'), request_id: z.string().max(128).optional() })

/** The messages that a plain socket takes, by its path in the server's `doors`. */
export const plainMessages: Readonly<Record<string, z.ZodType>> = {
  '/ws/campaign/player': PlainPlayerMessage,
  '/ws/campaign/dm': PlainDmMessage,
  '/ws/stream': Ping,
  '/ws/stream/*': Ping,
  '/ws': TopicFrame,
  '/ws/arena/*': Ping,
}

class PlainSockets implements Door {
  readonly name = 'plain-socket'
  readonly targets = Object.entries(plainMessages).map(([name, schema]) => ({
    name,
    schema: toJsonSchema(schema),
    largest: FRAME,
  }))
  readonly #sockets: RawSockets
  #id = 0

  constructor(port: number) {
    this.#sockets = new RawSockets(port)
  }

  async send({ name }: Target, { text }: SentRequest, token: string | null): Promise<Answer> {
    const path = name.replace('/ws/stream/*', '/ws/stream/levels').replace('*', 'a-game')
    const socket = await this.#sockets.get(token === null ? path : `${path}?token=${token}`)
    const id = `after-${++this.#id}`
    socket.write(text)
    // The server answers frames in order, so the ping's answer comes last.
    socket.write(JSON.stringify({ type: 'ping', request_id: id }))
    return { status: null, text: await socket.until((all) => all.includes(id)) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sockets.closeAll()
  }
}

/** The schema of `idOf`: an id, or an object with an id. */
const socketIoInput: JsonSchema = {
  anyOf: [
    { type: 'string' },
    { type: 'object', properties: { sectorId: { type: 'string' } }, required: ['sectorId'] },
    { type: 'array', items: { type: 'number' } },
  ],
}

class SocketIo implements Door {
  readonly name = 'socket.io'
  readonly targets = [
    'subscribe:sector',
    'unsubscribe:sector',
    'subscribe:discussion',
    'unsubscribe:discussion',
    'subscribe:all',
    'error',
    'nothing',
  ]
    .flatMap((event) => ['websocket', 'polling'].map((transport) => `${event} over ${transport}`))
    .map((name) => ({ name, schema: socketIoInput, largest: FRAME }))
  readonly #url: string
  readonly #clients = new Map<string, SocketIoClient>()

  constructor(url: string) {
    this.#url = url
  }

  async send({ name }: Target, { text }: SentRequest, token: string | null): Promise<Answer> {
    const [event = '', transport = ''] = name.split(' over ')
    const client = await this.#client(transport, token)
    const heard: string[] = []
    const hear = (...all: unknown[]) => void heard.push(JSON.stringify(all))
    client.on('error', hear)
    // As text, because the client's encoder is recursive.
    client.io.engine.write(`2["${event}",${text}]`)
    try {
      // The server answers in order, so this answer comes last. A disconnected client reconnects by itself.
      const answer: unknown = await client.timeout(ANSWER_TIMEOUT_MS).emitWithAck('subscribe:sector', 'tech-001')
      return { status: null, text: [...heard, JSON.stringify(answer)].join('\n') }
    } finally {
      client.off('error', hear)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients.values()) client.disconnect()
  }

  async #client(transport: string, token: string | null): Promise<SocketIoClient> {
    const name = `${transport} ${token ?? ''}`
    const client =
      this.#clients.get(name) ??
      io(this.#url, {
        transports: [transport],
        forceNew: true,
        reconnectionDelay: 10,
        auth: token === null ? {} : { token },
      })
    this.#clients.set(name, client)
    const deadline = performance.now() + ANSWER_TIMEOUT_MS
    while (!client.connected) {
      if (performance.now() > deadline) throw new Error('Socket.IO does not connect')
      if (!client.active) client.connect()
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    return client
  }
}
