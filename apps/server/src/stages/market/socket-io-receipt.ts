// Knows up to which seq a client of Socket.IO has received its events. Bytes that a dead connection swallowed do not count.
import type { EngineConnection, EngineTransport } from './engine-connection.ts'

/** The shortest time between two pings. */
const PING_INTERVAL_MS = 500

/**
 * Over a WebSocket it sends pings of the protocol (RFC 6455 §5.5.2). Every client answers them by itself, after all bytes
 * before the ping. Over polling, the next request shows that the answer to the last one arrived.
 */
export class Receipt {
  readonly #connection: EngineConnection
  readonly #writtenSeq: () => number | null
  #received: number
  #transport: EngineTransport
  /** The seq that the client has received once it answers the present ping; null without a ping. */
  #pinged: number | null = null
  #pingedAt = -Infinity
  #isPingDue = false
  #timer: ReturnType<typeof setTimeout> | undefined
  /** The seq that the client has received once its last request is answered. */
  #answering: number | null = null

  /**
   * `received`: the seq that the client has at the start. `writtenSeq`: the seq up to which everything is written; null while
   * unknown.
   */
  constructor(connection: EngineConnection, received: number, writtenSeq: () => number | null) {
    this.#connection = connection
    this.#received = received
    this.#writtenSeq = writtenSeq
    this.#transport = connection.transport
    this.#listen()
    connection.on('upgrade', () => {
      this.#transport = connection.transport
      this.#listen()
      this.wrote()
    })
    connection.on('drain', () => {
      if (this.#isPingDue) this.wrote()
    })
  }

  get received(): number {
    return this.#received
  }

  /** To be called after each write to the client. */
  wrote(): void {
    if (this.#transport.name !== 'websocket') return
    this.#isPingDue = true
    if (this.#pinged !== null || this.#timer) return
    const wait = this.#pingedAt + PING_INTERVAL_MS - performance.now()
    if (wait <= 0) this.#ping()
    else
      this.#timer = setTimeout(() => {
        this.#timer = undefined
        this.#ping()
      }, wait)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#pinged = null
  }

  #listen(): void {
    const transport = this.#transport
    if (transport.name === 'websocket') transport.socket.on('pong', () => this.#receivePong())
    // Runs before the engine answers the new request.
    else transport.prependListener('ready', () => this.#requested())
  }

  /** The engine sends all waiting packets in one answer. If none wait, the answers so far held everything. */
  #requested(): void {
    const written = this.#writtenSeq()
    const hasEverything = this.#connection.writeBuffer.length === 0
    this.#received = (hasEverything ? written : this.#answering) ?? this.#received
    this.#answering = hasEverything ? null : written
  }

  #ping(): void {
    const { socket } = this.#transport
    // Packets that the engine still holds would arrive after the ping.
    if (socket.readyState !== socket.OPEN || this.#connection.writeBuffer.length > 0) return
    const written = this.#writtenSeq()
    // The client is behind the ring. The write of its snapshot calls `wrote` again.
    if (written === null) return
    this.#isPingDue = false
    if (written === this.#received) return
    this.#pingedAt = performance.now()
    this.#pinged = written
    socket.ping()
  }

  #receivePong(): void {
    if (this.#pinged === null) return
    this.#received = this.#pinged
    this.#pinged = null
    if (this.#isPingDue) this.wrote()
  }
}
