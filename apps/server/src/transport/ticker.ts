/** The one timer of everything that is looked at again and again, so that none of many needs a timer of its own. */
export class Ticker implements Disposable {
  readonly #looks = new Set<() => void>()
  readonly #timer: ReturnType<typeof setInterval>

  constructor({ periodMs }: { periodMs: number }) {
    this.#timer = setInterval(() => this.tick(), periodMs).unref()
  }

  /** `look` must not throw. Returns what takes it out again. */
  add(look: () => void): () => void {
    this.#looks.add(look)
    return () => void this.#looks.delete(look)
  }

  /** What the timer does. One that is taken out by another during the round is not looked at any more. */
  tick(): void {
    for (const look of this.#looks) look()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}
