/** A page in the background is not drawn; what comes then is folded now and then all the same. */
const HIDDEN_MS = 1_000

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

/** Hands over what came since the last frame in one go, so that hundreds of updates a second are one change of the page a frame. */
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
    const cancels = [this.#clock.frame(flush), this.#clock.later(flush, HIDDEN_MS)]
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
