// A WebSocket as the sink of a channel. Frames are made once for all sockets and written straight to the TCP socket:
// with no deflate, `ws` holds nothing back of its own, so both kinds of writes keep their order.
import type { Batch, CloseReason, Cursor, HubEvent } from '@tablecast/hub'
import * as ws from 'ws'
import type { CountedSink, Tally } from './stage-meter.ts'
import { tcpSocketOf } from './tcp-socket.ts'

/** The text frame of RFC 6455 §5.2, unmasked, in one piece. */
export function textFrame(text: string): Uint8Array {
  const options = { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: true }
  return Buffer.concat(frameParts(Buffer.from(text), options))
}

/** Not in the types of `ws`: its frame writer. Checked by the tests. */
const frameParts = (ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } }).Sender.frame

/** `form` names the wire form for the cache of frames; `encode` makes the text of one event in it, '' for nothing. */
export type WireForm = { form: string; encode(event: HubEvent): string }

type Maker = (event: HubEvent) => Uint8Array
const makers = new WeakMap<WireForm, Maker>()

/** One for all sinks of a form. */
function makerOf(wire: WireForm): Maker {
  const known = makers.get(wire)
  if (known) return known
  const make: Maker = (event) => {
    const text = wire.encode(event)
    return text === '' ? new Uint8Array(0) : textFrame(text)
  }
  makers.set(wire, make)
  return make
}
const NOTHING = new Uint8Array(0)

export type SinkOptions = {
  socket: ws.WebSocket
  wire: WireForm
  maxBufferedBytes: number
  /** What is written is added to this. */
  tally: Tally
  onClose(reason: CloseReason): void
  /** So many events were left out before what is written next. */
  onDropped?(count: number): void
}

/** While more than `maxBufferedBytes` wait in the socket, its cursor waits too and nothing more is queued. */
export class SocketSink implements CountedSink {
  readonly #options: SinkOptions
  readonly #make: Maker
  #cursor: Cursor | null = null

  constructor(options: SinkOptions) {
    this.#options = options
    this.#make = makerOf(options.wire)
  }

  get tally(): Tally {
    return this.#options.tally
  }

  get client(): ws.WebSocket {
    return this.#options.socket
  }

  get bytesWaiting(): number {
    return tcpSocketOf(this.#options.socket)?.writableLength ?? 0
  }

  /** The cursor to wake when the socket has drained. */
  follow(cursor: Cursor): void {
    this.#cursor = cursor
  }

  write(batch: Batch): boolean {
    const { socket, wire, maxBufferedBytes, tally } = this.#options
    const tcp = tcpSocketOf(socket)
    // A closing socket takes no more; its owner detaches the cursor when it is closed.
    if (!tcp || socket.readyState !== ws.WebSocket.OPEN) return true
    const { bytes, events } = batch.wire(wire.form, this.#make)
    if (events > 0) tcp.write(bytes)
    tally.deliveries += events
    tally.bytes += bytes.length
    if (tcp.writableLength <= maxBufferedBytes) return true
    // Called back when all before it has gone out. A stream tells `drain` only after it held its own high-water mark, which may
    // be more than waits here: the cursor would sleep for ever.
    tcp.write(NOTHING, (error) => {
      if (!error) this.#cursor?.drained()
    })
    return false
  }

  dropped(count: number): void {
    this.#options.onDropped?.(count)
  }

  close(reason: CloseReason): void {
    this.#options.onClose(reason)
  }
}
