// Lets sockets arrive in turn. After a restart thousands of clients come in the same moment. If all were served at once, each step of
// one would wait for the same step of all the others: everybody would be live at the end, and those who wait for 8 s would give up
// and come again. In turn, most are live early, and no work is lost.

/** Few enough that one is served within a moment, and enough that their reads share transactions. */
const MAX_AT_ONCE = 100
/** A caller whose database or provider hangs must not hold up the others. */
const MAX_HOLD_MS = 1_000

type Work = (leave: () => void) => void

export class Arrivals {
  readonly #maxAtOnce: number
  readonly #waiting = new Set<Work>()
  #arriving = 0

  constructor(maxAtOnce: number = MAX_AT_ONCE) {
    this.#maxAtOnce = maxAtOnce
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /**
   * Calls `work` when it is its turn, perhaps at once. `work` calls `leave` when the client has what it came for. Returns a function that
   * takes `work` out of the queue.
   */
  enter(work: Work): () => void {
    if (this.#arriving < this.#maxAtOnce) this.#serve(work)
    else this.#waiting.add(work)
    return () => void this.#waiting.delete(work)
  }

  #serve(work: Work): void {
    this.#arriving += 1
    let isHere = true
    const leave = () => {
      if (!isHere) return
      isHere = false
      clearTimeout(timer)
      this.#arriving -= 1
      this.#next()
    }
    const timer = setTimeout(leave, MAX_HOLD_MS)
    work(leave)
  }

  #next(): void {
    for (const work of this.#waiting) {
      if (this.#arriving >= this.#maxAtOnce) return
      this.#waiting.delete(work)
      this.#serve(work)
    }
  }
}
