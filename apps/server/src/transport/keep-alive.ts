// Finds half-open connections: TCP reports nothing when the other end disappears. One timer checks every connection once in a
// period, a few at a time, so that there is never a burst of pings.

export interface Peer {
  /** Whether the peer sent anything since the last call of this function. */
  hasSent(): boolean
  ask(): void
  /** True: the peer has been silent for longer than an answer usually takes. False: it sends again. */
  doubt?(isSilent: boolean): void
  drop(): void
}

const SLOTS = 60

/**
 * A peer that is silent for one period is asked. After `doubtAfter` more silent periods it is doubted, after `dropAfter` more it is
 * dropped; both count from the question. The question queues behind earlier data, so on a slow network an answer may take long.
 */
export type KeepAliveOptions = { periodMs: number; doubtAfter?: number; dropAfter?: number }

export class KeepAlive implements Disposable {
  /** The number of checks at which the peer had sent nothing. */
  readonly #slots = Array.from({ length: SLOTS }, () => new Map<Peer, number>())
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
    this.#slots[this.#next++ % SLOTS]?.set(peer, 0)
    return () => this.remove(peer)
  }

  /** Looks in every slot, because a note of the slot would take memory for each peer. */
  remove(peer: Peer): void {
    for (const slot of this.#slots) if (slot.delete(peer)) return
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #checkNextSlot(): void {
    const slot = this.#slots[this.#at++ % SLOTS]
    for (const [peer, checks] of slot ?? []) {
      if (peer.hasSent()) {
        slot?.set(peer, 0)
        if (checks > this.#doubtAfter) peer.doubt?.(false)
        continue
      }
      const silentFor = checks + 1
      slot?.set(peer, silentFor)
      if (silentFor === 1) peer.ask()
      else if (silentFor > this.#dropAfter) peer.drop()
      else if (silentFor === this.#doubtAfter + 1) peer.doubt?.(true)
    }
  }
}
