/** A page in the background has no frames. Its messages are folded at this interval instead. */
const HIDDEN_INTERVAL_MS = 1_000

export type FrameClock = {
  frame(work: () => void): () => void
  later(work: () => void, ms: number): () => void
}

const browserClock: FrameClock = {
  frame(work) {
    const id = requestAnimationFrame(work)
    return () => cancelAnimationFrame(id)
  },
  later(work, ms) {
    const id = setTimeout(work, ms)
    return () => clearTimeout(id)
  },
}

/** Hands over the messages since the last frame in one call, so that hundreds of them a second change the page once a frame. */
export class FrameBatch<T> {
  readonly #handle: (items: readonly T[]) => void
  readonly #clock: FrameClock
  #items: T[] = []
  #cancel: (() => void) | null = null

  constructor(handle: (items: readonly T[]) => void, clock: FrameClock = browserClock) {
    this.#handle = handle
    this.#clock = clock
  }

  add(item: T): void {
    this.#items.push(item)
    if (this.#cancel) return
    const flush = () => this.#flush()
    const cancels = [this.#clock.frame(flush), this.#clock.later(flush, HIDDEN_INTERVAL_MS)]
    this.#cancel = () => {
      for (const cancel of cancels) cancel()
    }
  }

  close(): void {
    this.#cancel?.()
    this.#items = []
  }

  #flush(): void {
    this.#cancel?.()
    this.#cancel = null
    const items = this.#items
    this.#items = []
    this.#handle(items)
  }
}
