// The basic limits: a rate per second, and a number at a time.

const monotonic = () => performance.now()

/** Holds up to `burst` tokens, and refills at `perSecond`. The clock counts milliseconds and need not be wall time. */
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

  /** No token is missing. */
  get isFull(): boolean {
    this.#refill()
    return this.#tokens >= this.#burst
  }

  get isEmpty(): boolean {
    this.#refill()
    return this.#tokens < 1
  }

  /** Whole seconds until a token is there, at least 1. */
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

/** Frames beyond this rate are not even parsed: no honest client sends twice the rate that is answered. */
export const floodBucket = (perSecond: number) => new TokenBucket(perSecond * 4, perSecond * 2)

/**
 * Options for `ws`: the most TCP chunks and WebSocket fragments of one message. A small piece takes more memory than its bytes.
 */
export const pieceLimits = { maxBufferedChunks: 1_024, maxFragments: 256 }

/** A bucket for each key, such as an address. A bucket that is full again may be forgotten. */
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

  /** Runs only when there are twice as many buckets as after the last sweep, so that its cost per bucket stays small. */
  #sweep(): void {
    for (const [key, bucket] of this.#buckets) if (bucket.isFull) this.#buckets.delete(key)
    this.#sweepAt = Math.max(1_000, this.#buckets.size * 2)
  }
}

/** A count for each key with a common maximum, such as the sockets of each user. */
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

  /** Every key with a count above 0. */
  entries(): Iterable<readonly [key: string, count: number]> {
    return this.#counts
  }

  /** Adds one to the key's count. Returns a function that takes it off, once; null when the key has its maximum. */
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
