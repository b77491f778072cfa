// The frames that a server sends (RFC 6455 §5.2), after the head of its answer to the handshake.
import { clientFrame } from '@tablecast/testing'

const TEXT = 1
const PING = 9
const HEAD_END = '\r\n\r\n'

type FramesListener = { open(): void; text(text: string): void; answer(frame: Buffer): void }

export class ServerFrames {
  readonly #listener: FramesListener
  #rest: Buffer = Buffer.alloc(0)
  #isOpen = false

  constructor(listener: FramesListener) {
    this.#listener = listener
  }

  take(part: Buffer): void {
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, part]) : part
    if (!this.#isOpen) {
      const end = bytes.indexOf(HEAD_END)
      // A refusal has no frames, and ends the connection.
      if (end >= 0 && bytes.toString('latin1', 0, 12) === 'HTTP/1.1 101') {
        this.#isOpen = true
        bytes = bytes.subarray(end + HEAD_END.length)
        this.#listener.open()
      }
    }
    while (this.#isOpen) {
      const size = frameSize(bytes)
      if (size === null || bytes.length < size.head + size.payload) break
      this.#frame((bytes[0] ?? 0) & 0x0f, bytes.subarray(size.head, size.head + size.payload))
      bytes = bytes.subarray(size.head + size.payload)
    }
    this.#rest = bytes.length > 0 ? Buffer.from(bytes) : Buffer.alloc(0)
  }

  #frame(opcode: number, payload: Buffer): void {
    if (opcode === PING) this.#listener.answer(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]))
    if (opcode !== TEXT) return
    const text = payload.toString('utf8')
    if (text === 'PING') this.#listener.answer(clientFrame('PONG'))
    else this.#listener.text(text)
  }
}

/** Null while the head of the frame is incomplete. */
function frameSize(bytes: Buffer): { head: number; payload: number } | null {
  const short = (bytes[1] ?? 0) & 0x7f
  if (bytes.length < 2) return null
  if (short < 126) return { head: 2, payload: short }
  if (short === 126) return bytes.length < 4 ? null : { head: 4, payload: bytes.readUInt16BE(2) }
  return bytes.length < 10 ? null : { head: 10, payload: Number(bytes.readBigUInt64BE(2)) }
}
