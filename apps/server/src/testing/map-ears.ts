// Everything that one caller receives as text, over every transport, in tests that look for secrets.
import { WebSocket } from 'ws'
import type { TestUser } from './testbed.ts'

const SUBSCRIPTIONS = ['campaign.events', 'campaign.whispers', 'presence.events', 'narrator.events', 'maps.gestures']

const POLLED = [
  'campaign.get',
  'campaign.since',
  'campaign.history',
  'campaign.whispersSince',
  'presence.since',
  'maps.gesturesSince',
  'maps.fog',
  'maps.walls',
]

export class MapEars implements Disposable {
  readonly texts: string[] = []
  readonly #user: TestUser | null
  readonly #roomId: string
  readonly #sockets: WebSocket[] = []
  readonly #aborting = new AbortController()

  /** `user`: null for a caller without a session. */
  constructor(user: TestUser | null, roomId: string) {
    this.#user = user
    this.#roomId = roomId
  }

  /** Opens every live connection of a node that this caller can try. */
  listen(url: string): void {
    const token = this.#user?.session.token ?? ''
    const query = token ? `&token=${token}` : ''
    this.#open(`${url}/trpc?connectionParams=1`, (socket) => {
      socket.send(JSON.stringify({ method: 'connectionParams', data: { token } }))
      for (const [index, path] of SUBSCRIPTIONS.entries()) {
        const params = { path, input: { roomId: this.#roomId } }
        socket.send(JSON.stringify({ id: index + 1, method: 'subscription', params }))
      }
    })
    for (const role of ['player', 'dm']) this.#open(`${url}/ws/campaign/${role}?room=${this.#roomId}${query}`)
    const input = encodeURIComponent(JSON.stringify({ roomId: this.#roomId }))
    for (const path of SUBSCRIPTIONS) void this.#read(`${url}/trpc/${path}?input=${input}`).catch(() => {})
  }

  /** Asks for everything that a program could poll. Resolves with the paths that answered. */
  async ask(url: string, { campaignId, mapId }: { campaignId: string; mapId: string }): Promise<string[]> {
    const input = { roomId: this.#roomId, campaignId, mapId, cursor: null }
    const ask = async (path: string, more: object = {}) => {
      const address = `${url}/trpc/${path}?input=${encodeURIComponent(JSON.stringify({ ...input, ...more }))}`
      const response = await fetch(address, { headers: this.#headers() })
      this.texts.push(await response.text())
      return response.ok ? [path] : []
    }
    const answered = await Promise.all([...POLLED.map((path) => ask(path)), ask('campaign.export', { format: 'json' })])
    return answered.flat()
  }

  #headers(): Record<string, string> {
    return this.#user ? { authorization: `Bearer ${this.#user.session.token}` } : {}
  }

  #open(url: string, first: (socket: WebSocket) => void = () => {}): void {
    const socket = new WebSocket(url.replace(/^http/, 'ws'))
    this.#sockets.push(socket)
    socket.on('open', () => first(socket))
    socket.on('message', (data: Buffer) => this.texts.push(data.toString()))
    socket.on('error', () => {})
  }

  async #read(url: string): Promise<void> {
    const { body } = await fetch(url, { headers: this.#headers(), signal: this.#aborting.signal })
    for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) this.texts.push(part)
  }

  [Symbol.dispose](): void {
    this.#aborting.abort()
    for (const socket of this.#sockets) socket.terminate()
  }
}
