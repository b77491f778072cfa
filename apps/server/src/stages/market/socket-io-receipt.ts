// Up to where a client of Socket.IO is known to have received what was written to it. What a dead connection swallowed does not count.
import type { Socket as Connection } from 'engine.io'
import type { WebSocket } from 'ws'

/** A ping asks at once after a rest, else once in so long. */
const ASK_EVERY_MS = 500

/** Not in the types of Engine.IO: what waits to be sent, and the WebSocket of a transport. Checked by the tests. */
type Transport = { name: string; socket: WebSocket; prependListener(event: 'ready', listener: () => void): void }
export type Confirming = Pick<Connection, 'on'> & { readonly writeBuffer: readonly unknown[]; transport: Transport }

/**
 * Over a WebSocket it asks by pings of the WebSocket protocol (RFC 6455 §5.5.2), which every client answers by itself, in order with
 * what came before. Over polling the next request says that the answer to the last one arrived.
 */
export class Receipt {
  readonly #connection: Confirming
  readonly #placeNow: () => number | null
  #place: number
  #transport: Transport
  /** Where the client is when the ping that is under way is answered. */
  #asked: number | null = null
  #askedAt = -Infinity
  #isDue = false
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Where it is when it has the answer to its last request. */
  #answering: number | null = null

  /** `placeNow`: up to where everything is written; null when that can't be told at the moment. */
  constructor(connection: Confirming, place: number, placeNow: () => number | null) {
    this.#connection = connection
    this.#place = place
    this.#placeNow = placeNow
    this.#transport = connection.transport
    this.#listen()
    connection.on('upgrade', () => {
      this.#transport = connection.transport
      this.#listen()
      this.wrote()
    })
    connection.on('drain', () => {
      if (this.#isDue) this.wrote()
    })
  }

  get place(): number {
    return this.#place
  }

  /** Something was written to the client. */
  wrote(): void {
    if (this.#transport.name !== 'websocket') return
    this.#isDue = true
    if (this.#asked !== null || this.#timer) return
    const wait = this.#askedAt + ASK_EVERY_MS - performance.now()
    if (wait <= 0) this.#ask()
    else
      this.#timer = setTimeout(() => {
        this.#timer = undefined
        this.#ask()
      }, wait)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#asked = null
  }

  #listen(): void {
    const transport = this.#transport
    if (transport.name === 'websocket') transport.socket.on('pong', () => this.#answered())
    // Before the engine answers the new request.
    else transport.prependListener('ready', () => this.#requested())
  }

  /** All that waits goes out in one answer; where nothing waits, the last answers held everything. */
  #requested(): void {
    const place = this.#placeNow()
    const hasEverything = this.#connection.writeBuffer.length === 0
    this.#place = (hasEverything ? place : this.#answering) ?? this.#place
    this.#answering = hasEverything ? null : place
  }

  #ask(): void {
    const { socket } = this.#transport
    // What the engine still holds would come after the ping.
    if (socket.readyState !== socket.OPEN || this.#connection.writeBuffer.length > 0) return
    const place = this.#placeNow()
    // It has fallen behind: what brings it on is written, and says so.
    if (place === null) return
    this.#isDue = false
    if (place === this.#place) return
    this.#askedAt = performance.now()
    this.#asked = place
    socket.ping()
  }

  #answered(): void {
    if (this.#asked === null) return
    this.#place = this.#asked
    this.#asked = null
    if (this.#isDue) this.wrote()
  }
}
