// The limits of one connection: calls per second, calls at a time, open subscriptions. All connections of an address share one more
// limit on calls per second.
import { TablecastError } from '@tablecast/contracts'
import type { KeyedBuckets, Rate } from './limits.ts'

/** The same for all connections of a server. */
type ConnectionCaps = {
  calls: Rate
  maxCallsInFlight: number
  maxSubscriptions: number
  /** Shared by all connections of an address. */
  addressCalls: KeyedBuckets
}

/** `address` is null where another part already counts the calls of the address. */
export type ConnectionLimitsOptions = { caps: ConnectionCaps; address: string | null }

/** The limits of one connection. */
export class ConnectionLimits {
  readonly #caps: ConnectionCaps
  readonly #address: string | null
  #calls = 0
  #inFlight = 0
  #open = 0
  #usedAt = wholeMs()

  constructor({ caps, address }: ConnectionLimitsOptions) {
    this.#caps = caps
    this.#address = address
  }

  /** Throws RATE_LIMITED. Returns a function that gives the call's share back. */
  call(): () => void {
    const { calls, addressCalls, maxCallsInFlight } = this.#caps
    const left = calls.take(this.#calls)
    if (left === null) throw limited('Too many calls: slow down.', calls.waitSeconds(this.#calls))
    this.#calls = left
    const shared = this.#address === null ? null : addressCalls.get(this.#address)
    if (shared && !shared.take()) throw limited('Too many calls from this address: slow down.', shared.waitSeconds)
    if (this.#inFlight >= maxCallsInFlight)
      throw limited(`At most ${maxCallsInFlight} calls at a time: wait for an answer.`, 1)
    this.#inFlight += 1
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      this.#inFlight -= 1
      this.#usedAt = wholeMs()
    }
  }

  /** Throws RATE_LIMITED. Returns a function that gives the subscription's share back. */
  subscribe(): () => void {
    this.addSubscription()
    let isOver = false
    return () => {
      if (!isOver) this.removeSubscription()
      isOver = true
    }
  }

  /** Throws RATE_LIMITED. */
  addSubscription(): void {
    const { maxSubscriptions } = this.#caps
    if (this.#open >= maxSubscriptions)
      throw limited(`At most ${maxSubscriptions} subscriptions on one connection: end some first.`, 1)
    this.#open += 1
  }

  /** Call it once for each `addSubscription`. */
  removeSubscription(): void {
    this.#open -= 1
    this.#usedAt = wholeMs()
  }

  /** Milliseconds since the last call or subscription ended; 0 while one is open. */
  get idleMs(): number {
    return this.#inFlight + this.#open > 0 ? 0 : performance.now() - this.#usedAt
  }
}

/** V8 keeps a whole number in its field, and any other in an object of its own. */
const wholeMs = () => Math.floor(performance.now())

export const limited = (message: string, retryAfterSeconds: number) =>
  new TablecastError('RATE_LIMITED', message, { retryAfterSeconds })
