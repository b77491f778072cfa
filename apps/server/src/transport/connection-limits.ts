// The limits of one connection: calls per second, calls at a time, open subscriptions. All connections of an address share one more
// limit on calls per second.
import { TablecastError } from '@tablecast/contracts'
import { type KeyedBuckets, TokenBucket } from './limits.ts'

/** The same for all connections of a server. */
type ConnectionCaps = {
  callsPerSecond: number
  maxCallsInFlight: number
  maxSubscriptions: number
  /** Shared by all connections of an address. */
  addressCalls: KeyedBuckets
}

export type ConnectionLimitsOptions = {
  caps: ConnectionCaps
  /** Null where another part already counts the calls of the address. */
  address: string | null
  /** Called for each admitted call. Returns a function that is called when the call ends. */
  began?: () => () => void
}

/** The limits of one connection. A burst may have twice `callsPerSecond`. */
export class ConnectionLimits {
  readonly #options: ConnectionLimitsOptions
  readonly #calls: TokenBucket
  #inFlight = 0
  #open = 0
  #usedAt = performance.now()

  constructor(options: ConnectionLimitsOptions) {
    this.#options = options
    const { callsPerSecond } = options.caps
    this.#calls = new TokenBucket(callsPerSecond * 2, callsPerSecond)
  }

  /** Throws RATE_LIMITED. Returns a function that gives the call's share back. */
  call(): () => void {
    const { caps, address, began } = this.#options
    if (!this.#calls.take()) throw limited('Too many calls: slow down.', this.#calls.waitSeconds)
    const shared = address === null ? null : caps.addressCalls.get(address)
    if (shared && !shared.take()) throw limited('Too many calls from this address: slow down.', shared.waitSeconds)
    if (this.#inFlight >= caps.maxCallsInFlight)
      throw limited(`At most ${caps.maxCallsInFlight} calls at a time: wait for an answer.`, 1)
    this.#inFlight += 1
    const answered = began?.()
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      this.#inFlight -= 1
      answered?.()
      this.#usedAt = performance.now()
    }
  }

  /** Throws RATE_LIMITED. Returns a function that gives the subscription's share back. */
  subscribe(): () => void {
    const { maxSubscriptions } = this.#options.caps
    if (this.#open >= maxSubscriptions)
      throw limited(`At most ${maxSubscriptions} subscriptions on one connection: end some first.`, 1)
    this.#open += 1
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      this.#open -= 1
      this.#usedAt = performance.now()
    }
  }

  /** Milliseconds since the last call or subscription ended; 0 while one is open. */
  get idleMs(): number {
    return this.#inFlight + this.#open > 0 ? 0 : performance.now() - this.#usedAt
  }
}

export const limited = (message: string, retryAfterSeconds: number) =>
  new TablecastError('RATE_LIMITED', message, { retryAfterSeconds })
