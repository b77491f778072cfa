import { io, type Socket as SocketIoClient } from 'socket.io-client'
import type { JsonSchema } from '../inputs.ts'
import { type Answer, ANSWER_TIMEOUT_MS, LARGEST, type RawClient, type SentRequest, type Target } from './raw-client.ts'

/** The schema of `idOf`: an id, or an object with an id. */
const socketIoInput: JsonSchema = {
  anyOf: [
    { type: 'string' },
    { type: 'object', properties: { sectorId: { type: 'string' } }, required: ['sectorId'] },
    { type: 'array', items: { type: 'number' } },
  ],
}

export class SocketIo implements RawClient {
  readonly kind = 'socket.io'
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
    .map((name) => ({ name, schema: socketIoInput, largest: LARGEST.frame }))
  readonly #url: string
  readonly #clients = new Map<string, SocketIoClient>()

  constructor(url: string) {
    this.#url = url
  }

  async send({ name }: Target, { text }: SentRequest, token: string | null): Promise<Answer> {
    const [event = '', transport = ''] = name.split(' over ')
    const client = await this.#client(transport, token)
    const errors: string[] = []
    const keep = (...all: unknown[]) => void errors.push(JSON.stringify(all))
    client.on('error', keep)
    // As text, because the client's encoder is recursive.
    client.io.engine.write(`2["${event}",${text}]`)
    try {
      // The server answers in order, so this answer comes last. A disconnected client reconnects by itself.
      const answer: unknown = await client.timeout(ANSWER_TIMEOUT_MS).emitWithAck('subscribe:sector', 'tech-001')
      return { status: null, text: [...errors, JSON.stringify(answer)].join('\n') }
    } finally {
      client.off('error', keep)
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
