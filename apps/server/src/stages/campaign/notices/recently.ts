// Keys that came within a while. It has a bounded size: the oldest key is forgotten first.
const MAX_KEYS = 10_000

export class Recently {
  readonly #at = new Map<string, number>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** True when the key was added within `ms`. Adds it if not. */
  has(key: string, ms: number): boolean {
    const now = this.#now()
    if (now - (this.#at.get(key) ?? -Infinity) < ms) return true
    this.#at.delete(key)
    this.#at.set(key, now)
    const [oldest] = this.#at.keys()
    if (this.#at.size > MAX_KEYS && oldest !== undefined) this.#at.delete(oldest)
    return false
  }
}
