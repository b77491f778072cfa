// Half-open connections never tell. All are looked at once in a period, a few at a time, so that many sockets are never
// asked in one go, and none of them needs a timer of its own.

import { WebSocket } from 'ws'
import { cutOff } from './close-for.ts'

export interface Peer {
  /** Whether anything came from it since the last look; the asking forgets it. */
  wasHeard(): boolean
  ask(): void
  /** It has been silent for longer than an answer usually takes; false: it is heard again. */
  doubt?(isSilent: boolean): void
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

  ask(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping()
  }

  drop(): void {
    cutOff(this.#socket, 'silent')
  }
}

const SLOTS = 60

/**
 * Who was silent for a period is asked, who is silent for `doubtAfter` more of them is doubted, and for `dropAfter` more dropped.
 * The question waits behind what was sent before it, so over a slow network an answer may take long.
 */
export type KeepAliveOptions = { periodMs: number; doubtAfter?: number; dropAfter?: number }

export class KeepAlive implements Disposable {
  /** For how many looks each has been silent. */
  readonly #slots = Array.from({ length: SLOTS }, () => new Map<Peer, { silentFor: number }>())
  readonly #doubtAfter: number
  readonly #dropAfter: number
  readonly #timer: ReturnType<typeof setInterval>
  #next = 0
  #at = 0

  constructor({ periodMs, doubtAfter = Infinity, dropAfter = 1 }: KeepAliveOptions) {
    this.#doubtAfter = doubtAfter
    this.#dropAfter = dropAfter
    this.#timer = setInterval(() => this.#look(), periodMs / SLOTS).unref()
  }

  /** Returns what takes it out again. */
  add(peer: Peer): () => void {
    const slot = this.#slots[this.#next++ % SLOTS]
    slot?.set(peer, { silentFor: 0 })
    return () => void slot?.delete(peer)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    for (const [peer, state] of this.#slots[this.#at++ % SLOTS] ?? []) {
      if (peer.wasHeard()) {
        if (state.silentFor > this.#doubtAfter) peer.doubt?.(false)
        state.silentFor = 0
        continue
      }
      state.silentFor += 1
      if (state.silentFor === 1) peer.ask()
      else if (state.silentFor > this.#dropAfter) peer.drop()
      else if (state.silentFor === this.#doubtAfter + 1) peer.doubt?.(true)
    }
  }
}
