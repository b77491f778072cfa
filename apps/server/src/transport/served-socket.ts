// The socket of a client. It tells its connection what happens, so it needs no listeners: those of an idle socket, and what `ws` keeps
// to answer pings, would take as much memory as its connection.
import { type RawData, WebSocket } from 'ws'
import type { CallerSession } from './caller-session.ts'
import { tcpSocketOf } from './tcp-socket.ts'

export interface Connection {
  receive(data: RawData, isBinary: boolean): void
  /** The client has answered a ping. */
  pong?(): void
  /** The client has received this error. */
  errorReturned?(error: unknown): void
  /** The socket has closed. Called once. */
  close(code: number): void
}

type Clients = { delete(socket: ServedSocket): boolean }

/** A client that pings and reads nothing is cut off when this many bytes wait for it. */
const MAX_BYTES_BEFORE_PONG = 1 << 20

/** Its server must be opened with `autoPong: false`. */
export class ServedSocket extends WebSocket {
  /** The caller; null until it is known, and for a client without a token. */
  session: CallerSession | null = null
  /** Null until the handshake is complete. */
  #connection: Connection | null = null
  #clients: Clients | null = null

  /** Once this socket has closed, it is removed from `clients`. */
  serve(connection: Connection, clients: Clients): void {
    this.#connection = connection
    this.#clients = clients
  }

  override emit(event: string | symbol, ...values: unknown[]): boolean {
    switch (event) {
      case 'message':
        // `ws` emits the data and whether it is binary.
        this.#connection?.receive(values[0] as RawData, values[1] as boolean)
        break
      case 'ping':
        this.#answerPing(values[0] as Buffer)
        break
      case 'pong':
        this.#connection?.pong?.()
        break
      case 'errorReturned':
        this.#connection?.errorReturned?.(values[0])
        break
      case 'error':
        this.terminate()
        return true
      case 'close':
        this.#clients?.delete(this)
        this.#connection?.close(values[0] as number)
        break
    }
    return super.emit(event, ...values)
  }

  #answerPing(data: Buffer): void {
    if (this.readyState !== WebSocket.OPEN) return
    if ((tcpSocketOf(this)?.writableLength ?? 0) > MAX_BYTES_BEFORE_PONG) this.terminate()
    else this.pong(data)
  }
}
