import type { Batch, Cursor } from '@tablecast/hub'
import type { Socket } from 'socket.io'
import type { WebSocket } from 'ws'
import { SocketSink } from '../../transport/socket-sink.ts'
import type { CountedSink, Tally } from '../../transport/stage-meter.ts'
import { engineOf } from './engine-connection.ts'
import { packetOf, socketIoForm } from './market-event.ts'

/** `wrote`: called after each write. */
type SocketIoSinkOptions = { maxBufferedBytes: number; tally: Tally; wrote(): void }

/**
 * A Socket.IO client as the sink of a channel. Over a WebSocket, frames go straight to the TCP socket. Over polling, and while
 * the engine has packets of its own to send, they go through the engine. The sink is then congested until the engine has
 * drained.
 */
export class SocketIoSink implements CountedSink {
  readonly tally: Tally
  readonly #socket: Socket
  readonly #options: SocketIoSinkOptions
  #cursor: Cursor | null = null
  #direct: { below: WebSocket; sink: SocketSink } | null = null

  constructor(socket: Socket, options: SocketIoSinkOptions) {
    this.tally = options.tally
    this.#socket = socket
    this.#options = options
  }

  get client(): Socket {
    return this.#socket
  }

  /** Bytes; 0 over polling, where the engine counts packets. */
  get bytesWaiting(): number {
    return this.#direct?.sink.bytesWaiting ?? 0
  }

  follow(cursor: Cursor): void {
    this.#cursor = cursor
  }

  write(batch: Batch): boolean {
    const connection = engineOf(this.#socket)
    if (connection.transport.name === 'websocket' && connection.writeBuffer.length === 0) {
      const isTaking = this.#directTo(connection.transport.socket).write(batch)
      this.#options.wrote()
      return isTaking
    }
    for (const { text } of batch.events) {
      const packet = packetOf(text)
      if (packet === null) continue
      connection.write(packet)
      this.tally.deliveries += 1
      this.tally.bytes += Buffer.byteLength(packet)
    }
    this.#options.wrote()
    if (connection.writeBuffer.length === 0) return true
    connection.once('drain', () => this.#cursor?.drained())
    return false
  }

  close(): void {
    this.#socket.disconnect(true)
  }

  #directTo(below: WebSocket): SocketSink {
    if (this.#direct?.below !== below) {
      const sink = new SocketSink({
        socket: below,
        wire: socketIoForm,
        maxBufferedBytes: this.#options.maxBufferedBytes,
        tally: this.tally,
        owner: { closed: () => this.close() },
      })
      if (this.#cursor) sink.follow(this.#cursor)
      this.#direct = { below, sink }
    }
    return this.#direct.sink
  }
}
