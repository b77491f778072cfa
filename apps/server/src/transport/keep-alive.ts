// Finds half-open connections: TCP reports nothing when the other end disappears. One timer checks every connection once in a
// period, a few at a time, so that there is never a burst of pings.

import { WebSocket } from 'ws'
import { cutOff } from './close-socket.ts'

export interface Peer {
  /** Whether the peer sent anything since the last call of this function. */
  wasHeard(): boolean
  ask(): void
  /** True: the peer has been silent for longer than an answer usually takes. False: it sends again. */
  doubt?(isSilent: boolean): void
  drop(): void
}

/** Asks with WebSocket pings, which every client answers without code of its own. */
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
 * A peer that is silent for one period is asked. After `doubtAfter` more silent periods it is doubted, after `dropAfter` more it is
 * dropped; both count from the question. The question queues behind earlier data, so on a slow network an answer may take long.
 */
export type KeepAliveOptions = { periodMs: number; doubtAfter?: number; dropAfter?: number }

export class KeepAlive implements Disposable {
  /** `silentFor` counts the checks at which the peer had sent nothing. */
  readonly #slots = Array.from({ length: SLOTS }, () => new Map<Peer, { silentFor: number }>())
  readonly #doubtAfter: number
  readonly #dropAfter: number
  readonly #timer: ReturnType<typeof setInterval>
  #next = 0
  #at = 0

  constructor({ periodMs, doubtAfter = Infinity, dropAfter = 1 }: KeepAliveOptions) {
    this.#doubtAfter = doubtAfter
    this.#dropAfter = dropAfter
    this.#timer = setInterval(() => this.#checkNextSlot(), periodMs / SLOTS).unref()
  }

  /** Returns a function that removes the peer. */
  add(peer: Peer): () => void {
    const slot = this.#slots[this.#next++ % SLOTS]
    slot?.set(peer, { silentFor: 0 })
    return () => void slot?.delete(peer)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #checkNextSlot(): void {
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
