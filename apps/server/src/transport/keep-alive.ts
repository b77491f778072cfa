// Half-open connections never tell. All are looked at once in a period, a few at a time, so that many sockets are never
// asked in one go, and none of them needs a timer of its own.

import { WebSocket } from 'ws'
import { cutOff } from './close-for.ts'
import { tcpSocketOf } from './tcp-socket.ts'

export interface Peer {
  /** Whether anything came from it since the last look; the asking forgets it. */
  wasHeard(): boolean
  /** Bytes that were sent to it so far. */
  sent(): number
  ask(): void
  drop(): void
}

/** By the protocol's own pings, which every client answers by itself. */
export class PingedSocket implements Peer {
  readonly #socket: WebSocket
  #isHeard = true

  constructor(socket: WebSocket) {
    this.#socket = socket
    const heard = () => (this.#isHeard = true)
    socket.on('pong', heard).on('message', heard)
  }

  wasHeard(): boolean {
    const wasHeard = this.#isHeard
    this.#isHeard = false
    return wasHeard
  }

  sent(): number {
    return sentOn(this.#socket)
  }

  ask(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping()
  }

  drop(): void {
    cutOff(this.#socket, 'silent')
  }
}

export const sentOn = (socket: WebSocket): number => tcpSocketOf(socket)?.bytesWritten ?? 0

const SLOTS = 60
/** The question waits behind what was sent before it: over a slow network that takes its time. */
const SLOW_BYTES_PER_MS = 16
const MAX_EXTRA_MS = 28_000

/** Who was silent for a period is asked; who is silent for `patience` more of them, and for as long as what was sent may take, is dropped. */
export type KeepAliveOptions = { periodMs: number; patience?: number }

/** `silentFor`: looks. `sent`: bytes, when it was heard last. */
type State = { silentFor: number; sent: number }

export class KeepAlive implements Disposable {
  readonly #slots = Array.from({ length: SLOTS }, () => new Map<Peer, State>())
  readonly #periodMs: number
  readonly #patience: number
  readonly #timer: ReturnType<typeof setInterval>
  #next = 0
  #at = 0

  constructor({ periodMs, patience = 1 }: KeepAliveOptions) {
    this.#periodMs = periodMs
    this.#patience = patience
    this.#timer = setInterval(() => this.#look(), periodMs / SLOTS).unref()
  }

  /** Returns what takes it out again. */
  add(peer: Peer): () => void {
    const slot = this.#slots[this.#next++ % SLOTS]
    slot?.set(peer, { silentFor: 0, sent: 0 })
    return () => void slot?.delete(peer)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    for (const [peer, state] of this.#slots[this.#at++ % SLOTS] ?? []) {
      if (peer.wasHeard()) Object.assign(state, { silentFor: 0, sent: peer.sent() })
      else if (++state.silentFor === 1) peer.ask()
      else if (state.silentFor > this.#patience + this.#extraLooks(peer.sent() - state.sent)) peer.drop()
    }
  }

  #extraLooks(bytes: number): number {
    return Math.floor(Math.min(MAX_EXTRA_MS, bytes / SLOW_BYTES_PER_MS) / this.#periodMs)
  }
}
