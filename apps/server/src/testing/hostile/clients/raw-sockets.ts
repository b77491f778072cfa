import type { Socket } from 'node:net'
import { clientFrame, rawWebSocket } from '@tablecast/testing'
import { ANSWER_TIMEOUT_MS } from './raw-client.ts'

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
export class RawSockets {
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
