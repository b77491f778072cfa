// Lets sockets arrive in turn. After a restart thousands of clients come in the same moment. If all were served at once, each step of
// one would wait for the same step of all the others: everybody would be live at the end, and those who wait for 8 s would give up
// and come again. In turn, most are live early, and no work is lost.

/** A caller whose database or provider hangs must not hold up the others. */
const MAX_HOLD_MS = 1_000

type Work = (leave: () => void) => void

export class Arrivals {
  readonly #maxAtOnce: number
  readonly #waiting = new Set<Work>()
  #arriving = 0
  #overdue = 0

  /** `maxAtOnce`: few enough that one is served within a moment, and enough that their reads share transactions. */
  constructor(maxAtOnce: number) {
    this.#maxAtOnce = maxAtOnce
  }

  /** The number that waits for its turn. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** The number that has its turn now. */
  get arriving(): number {
    return this.#arriving
  }

  /** The number that lost its turn because it was not served in time. */
  get overdue(): number {
    return this.#overdue
  }

  /**
   * Calls `work` when it is its turn, perhaps at once. `work` calls `leave` when the client has been served. Returns a function that
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
    const timer = setTimeout(() => {
      this.#overdue += 1
      leave()
    }, MAX_HOLD_MS)
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
