// The basic limits: a rate per second, and a number at a time.

const monotonic = () => performance.now()

/** A full token in spite of rounding. */
const ONE = 1 - 1e-6

/**
 * The size of a bucket and the speed at which it refills. A bucket is one number, because each connection has some: the moment at which
 * it is full again. A new bucket is 0. The clock counts milliseconds and need not be wall time.
 */
export class Rate {
  readonly #burst: number
  readonly #perSecond: number
  readonly #now: () => number

  constructor(burst: number, perSecond: number, now = monotonic) {
    this.#burst = burst
    this.#perSecond = perSecond
    this.#now = now
  }

  /** Takes a token. Returns the bucket as it is then; null for an empty bucket. */
  take(bucket: number): number | null {
    if (this.#tokens(bucket) < ONE) return null
    return Math.max(bucket, this.#now()) + 1_000 / this.#perSecond
  }

  /** No token is missing. */
  isFull(bucket: number): boolean {
    return this.#now() >= bucket
  }

  /** Whole seconds until a token is there, at least 1. */
  waitSeconds(bucket: number): number {
    return Math.max(1, Math.ceil((ONE - this.#tokens(bucket)) / this.#perSecond))
  }

  #tokens(bucket: number): number {
    return this.#burst - (Math.max(0, bucket - this.#now()) / 1_000) * this.#perSecond
  }
}

/** A bucket that knows its rate, for what is not idle by the thousand. */
export class TokenBucket {
  readonly #rate: Rate
  #bucket = 0

  constructor(rate: Rate) {
    this.#rate = rate
  }

  take(): boolean {
    const left = this.#rate.take(this.#bucket)
    if (left === null) return false
    this.#bucket = left
    return true
  }

  /** No token is missing. */
  get isFull(): boolean {
    return this.#rate.isFull(this.#bucket)
  }

  get isEmpty(): boolean {
    return this.#rate.take(this.#bucket) === null
  }

  /** Whole seconds until a token is there, at least 1. */
  get waitSeconds(): number {
    return this.#rate.waitSeconds(this.#bucket)
  }
}

/** Calls of one connection. A burst may have twice as many. */
export const callRate = (perSecond: number) => new Rate(perSecond * 2, perSecond)

/** Frames beyond this rate are not even parsed: no honest client sends twice the rate that is answered. */
export const floodRate = (perSecond: number) => new Rate(perSecond * 4, perSecond * 2)

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
    const rate = new Rate(burst, perSecond, now)
    this.#make = () => new TokenBucket(rate)
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

  /** Adds one to the key's count. False when the key has its maximum already. */
  add(key: string): boolean {
    const count = this.get(key)
    if (count >= this.#max) return false
    this.#counts.set(key, count + 1)
    return true
  }

  /** Takes one off. Call it once for each `add` that returned true. */
  remove(key: string): void {
    const left = this.get(key) - 1
    if (left > 0) this.#counts.set(key, left)
    else this.#counts.delete(key)
  }

  /** As `add`. Returns a function that takes it off, once; null when the key has its maximum. */
  take(key: string): (() => void) | null {
    if (!this.add(key)) return null
    let isTaken = true
    return () => {
      if (isTaken) this.remove(key)
      isTaken = false
    }
  }
}
