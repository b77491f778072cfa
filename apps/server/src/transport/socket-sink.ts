// A WebSocket as the sink of a channel. A frame is built once for all sockets and written straight to the TCP socket. Without
// deflate `ws` buffers nothing itself, so its own frames and these keep their order.
import type { Batch, CloseReason, Cursor, HubEvent } from '@tablecast/hub'
import * as ws from 'ws'
import type { CountedSink, Tally } from './stage-meter.ts'
import { tcpSocketOf } from './tcp-socket.ts'

/**
 * An unmasked text frame of RFC 6455 §5.2 in one buffer. The buffer has memory of its own, because a channel keeps its newest events: a small
 * buffer of Node lies in a block of 64 kB with others, and each frame that is kept would keep its whole block.
 */
export function textFrame(text: string): Uint8Array {
  const options = { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: true }
  return new Uint8Array(Buffer.concat(frameParts(Buffer.from(text), options)))
}

/** The frame writer of `ws`, which its types leave out. The tests check it. */
const frameParts = (ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } }).Sender.frame

/** `form` is the key of the frame cache. `encode` returns the text of one event in this form, or '' to leave the event out. */
export type WireForm = { form: string; encode(event: HubEvent): string }

/** How all sinks of a form make their frames. The cache of a batch needs the same function for all. */
type Frames = { form: string; make(event: HubEvent): Uint8Array }
const framesByForm = new WeakMap<WireForm, Frames>()

function framesOf(wire: WireForm): Frames {
  const known = framesByForm.get(wire)
  if (known) return known
  const frames: Frames = {
    form: wire.form,
    make(event) {
      const text = wire.encode(event)
      return text === '' ? new Uint8Array(0) : textFrame(text)
    },
  }
  framesByForm.set(wire, frames)
  return frames
}
const NOTHING = new Uint8Array(0)

/** The subscription that a sink belongs to. */
export interface SinkOwner {
  /** The channel writes nothing more. */
  closed(reason: CloseReason): void
  /** Called before the next write, with the number of events that were dropped. */
  dropped?(count: number): void
}

export type SinkOptions = {
  socket: ws.WebSocket
  wire: WireForm
  maxBufferedBytes: number
  /** Counts the events and bytes that are written. */
  tally: Tally
  owner: SinkOwner
}

/** While more than `maxBufferedBytes` wait in the socket, the cursor waits too and writes nothing more. */
export class SocketSink implements CountedSink {
  readonly client: ws.WebSocket
  readonly tally: Tally
  readonly #frames: Frames
  readonly #maxBufferedBytes: number
  readonly #owner: SinkOwner
  #cursor: Cursor | null = null

  constructor({ socket, wire, maxBufferedBytes, tally, owner }: SinkOptions) {
    this.client = socket
    this.tally = tally
    this.#frames = framesOf(wire)
    this.#maxBufferedBytes = maxBufferedBytes
    this.#owner = owner
  }

  get bytesWaiting(): number {
    return tcpSocketOf(this.client)?.writableLength ?? 0
  }

  /** The cursor to wake when the socket has drained. */
  follow(cursor: Cursor): void {
    this.#cursor = cursor
  }

  write(batch: Batch): boolean {
    const { client, tally } = this
    const tcp = tcpSocketOf(client)
    // A closing socket takes no more frames. Its owner detaches the cursor once it is closed.
    if (!tcp || client.readyState !== ws.WebSocket.OPEN) return true
    const { form, make } = this.#frames
    const { bytes, events } = batch.wire(form, make)
    if (events > 0) tcp.write(bytes)
    tally.deliveries += events
    tally.bytes += bytes.length
    if (tcp.writableLength <= this.#maxBufferedBytes) return true
    // The callback of an empty write runs when everything before it was sent. A stream emits `drain` only after it was above its own
    // high-water mark, which can be higher than `maxBufferedBytes`: the cursor would wait for ever.
    tcp.write(NOTHING, (error) => {
      if (!error) this.#cursor?.drained()
    })
    return false
  }

  dropped(count: number): void {
    this.#owner.dropped?.(count)
  }

  close(reason: CloseReason): void {
    this.#owner.closed(reason)
  }
}
