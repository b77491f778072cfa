// Half-open connections never tell. All are looked at once in a period, a few at a time, so that many sockets are never
// asked in one go, and none of them needs a timer of its own.

import { WebSocket } from 'ws'
import { cutOff } from './close-for.ts'

export interface Peer {
  /** Whether anything came from it since the last look; the asking forgets it. */
  wasHeard(): boolean
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

  ask(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping()
  }

  drop(): void {
    cutOff(this.#socket, 'silent')
  }
}

const SLOTS = 60

/** Who was silent for a period is asked; who is silent for `patience` more of them is dropped. */
export type KeepAliveOptions = { periodMs: number; patience?: number }

export class KeepAlive implements Disposable {
  /** For how many looks each has been silent. */
  readonly #slots = Array.from({ length: SLOTS }, () => new Map<Peer, { silentFor: number }>())
  readonly #patience: number
  readonly #timer: ReturnType<typeof setInterval>
  #next = 0
  #at = 0

  constructor({ periodMs, patience = 1 }: KeepAliveOptions) {
    this.#patience = patience
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
      state.silentFor = peer.wasHeard() ? 0 : state.silentFor + 1
      if (state.silentFor === 1) peer.ask()
      else if (state.silentFor > this.#patience) peer.drop()
    }
  }
}
