/** One timer for all periodic checks, so that thousands of sessions need no timers of their own. */
export class Ticker implements Disposable {
  readonly #checks = new Set<() => void>()
  readonly #timer: ReturnType<typeof setInterval>

  constructor({ periodMs }: { periodMs: number }) {
    this.#timer = setInterval(() => this.tick(), periodMs).unref()
  }

  /** Calls `check` at each tick. It must not throw. Returns a function that stops that. */
  add(check: () => void): () => void {
    this.#checks.add(check)
    return () => void this.#checks.delete(check)
  }

  /** Runs all checks, as the timer does. A check may remove another one, which then does not run. */
  tick(): void {
    for (const check of this.#checks) check()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}
