/** The methods of an object are shared by thousands of sessions; a function for each of them would take more memory. */
export interface Ticked {
  /** Must not throw. */
  tick(): void
}

/** One timer for all periodic checks, so that thousands of sessions need no timers of their own. */
export class Ticker implements Disposable {
  readonly #ticked = new Set<Ticked>()
  readonly #timer: ReturnType<typeof setInterval>

  constructor({ periodMs }: { periodMs: number }) {
    this.#timer = setInterval(() => this.tick(), periodMs).unref()
  }

  add(ticked: Ticked): void {
    this.#ticked.add(ticked)
  }

  remove(ticked: Ticked): void {
    this.#ticked.delete(ticked)
  }

  /** Calls all, as the timer does. One may remove another, which is then not called. */
  tick(): void {
    for (const ticked of this.#ticked) ticked.tick()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}
