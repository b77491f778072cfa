import { PlainDmMessage, PlainPlayerMessage, TopicFrame } from '@tablecast/contracts'
import { z } from 'zod'
import { type Answer, LARGEST, type RawClient, type SentRequest, type Target } from './raw-client.ts'
import { RawSockets } from './raw-sockets.ts'
import { toJsonSchema } from './to-json-schema.ts'

const Ping = z.object({ type: z.literal('ping'), request_id: z.string().max(128).optional() })

/** The messages that a plain socket takes, by its path in the server's `endpoints`. */
export const plainMessages: Readonly<Record<string, z.ZodType>> = {
  '/ws/campaign/player': PlainPlayerMessage,
  '/ws/campaign/dm': PlainDmMessage,
  '/ws/stream': Ping,
  '/ws/stream/*': Ping,
  '/ws': TopicFrame,
  '/ws/arena/*': Ping,
}

export class PlainSockets implements RawClient {
  readonly kind = 'plain-socket'
  readonly targets = Object.entries(plainMessages).map(([name, schema]) => ({
    name,
    schema: toJsonSchema(schema),
    largest: LARGEST.frame,
  }))
  readonly #sockets: RawSockets
  readonly #roomId: string
  #id = 0

  /** `roomId`: without it a campaign's socket opens the room “main”, where a stranger is a DM while plain sockets are open to everyone. */
  constructor(port: number, roomId: string) {
    this.#sockets = new RawSockets(port)
    this.#roomId = roomId
  }

  async send({ name }: Target, { text }: SentRequest, token: string | null): Promise<Answer> {
    const path = name.replace('/ws/stream/*', '/ws/stream/levels').replace('*', 'a-game')
    const query = new URLSearchParams({ room: this.#roomId, ...(token === null ? {} : { token }) })
    const socket = await this.#sockets.get(`${path}?${query.toString()}`)
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
