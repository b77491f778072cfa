// Limits that the rest is built of: so many per second, and so many at once.

const monotonic = () => performance.now()

/** So many at once, refilled at `perSecond`. The clock is in milliseconds and need not be wall time. */
export class TokenBucket {
  readonly #burst: number
  readonly #perSecond: number
  readonly #now: () => number
  #tokens: number
  #at: number

  constructor(burst: number, perSecond: number, now = monotonic) {
    this.#burst = burst
    this.#perSecond = perSecond
    this.#now = now
    this.#tokens = burst
    this.#at = now()
  }

  take(): boolean {
    this.#refill()
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }

  /** Nothing was taken lately. */
  get isFull(): boolean {
    this.#refill()
    return this.#tokens >= this.#burst
  }

  get isEmpty(): boolean {
    this.#refill()
    return this.#tokens < 1
  }

  /** Whole seconds until there is one again. */
  get waitSeconds(): number {
    this.#refill()
    return Math.max(1, Math.ceil((1 - this.#tokens) / this.#perSecond))
  }

  #refill(): void {
    const now = this.#now()
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1_000) * this.#perSecond)
    this.#at = now
  }
}

/** For what is not even read any more: so much faster than what is answered that nobody can mean it. */
export const floodBucket = (perSecond: number) => new TokenBucket(perSecond * 4, perSecond * 2)

/**
 * In so many pieces, of TCP and of the protocol's own, may one message come: each costs more memory than it holds when it is small. For `ws`.
 */
export const pieces = { maxBufferedChunks: 1_024, maxFragments: 256 }

/** A bucket for each key, such as an address. One that is full again is forgotten. */
export class KeyedBuckets {
  readonly #make: () => TokenBucket
  readonly #buckets = new Map<string, TokenBucket>()
  #sweepAt = 1_000

  constructor(burst: number, perSecond: number, now?: () => number) {
    this.#make = () => new TokenBucket(burst, perSecond, now)
  }

  get(key: string): TokenBucket {
    const known = this.#buckets.get(key)
    if (known) return known
    if (this.#buckets.size >= this.#sweepAt) this.#sweep()
    const made = this.#make()
    this.#buckets.set(key, made)
    return made
  }

  get size(): number {
    return this.#buckets.size
  }

  /** Only when there are twice as many as after the last time, so that it costs little for each. */
  #sweep(): void {
    for (const [key, bucket] of this.#buckets) if (bucket.isFull) this.#buckets.delete(key)
    this.#sweepAt = Math.max(1_000, this.#buckets.size * 2)
  }
}

/** How many are in use for each key, such as the sockets of a user. */
export class KeyedCount {
  readonly #max: number
  readonly #counts = new Map<string, number>()

  constructor(max: number) {
    this.#max = max
  }

  get max(): number {
    return this.#max
  }

  get(key: string): number {
    return this.#counts.get(key) ?? 0
  }

  /** All that are in use. */
  entries(): Iterable<readonly [key: string, count: number]> {
    return this.#counts
  }

  /** Null when there are too many; else what gives it back, once. */
  take(key: string): (() => void) | null {
    const count = this.get(key)
    if (count >= this.#max) return null
    this.#counts.set(key, count + 1)
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      const left = this.get(key) - 1
      if (left > 0) this.#counts.set(key, left)
      else this.#counts.delete(key)
    }
  }
}
