// What one client may ask for: calls per second and at once, open subscriptions; and all connections of an address together.
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
  /** Null where something else counts the calls of an address. */
  address: string | null
  /** Told of each call that is let in; returns what is told of its end. */
  began?: () => () => void
}

/** Of one connection. A burst of twice as many calls as in a second is all right. */
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

  /** Throws RATE_LIMITED. Returns what ends the call's share. */
  call(): () => void {
    const { caps, address, began } = this.#options
    if (!this.#calls.take()) throw limited('too many calls: slow down', this.#calls.waitSeconds)
    const shared = address === null ? null : caps.addressCalls.get(address)
    if (shared && !shared.take()) throw limited('too many calls from this address: slow down', shared.waitSeconds)
    if (this.#inFlight >= caps.maxCallsInFlight)
      throw limited(`at most ${caps.maxCallsInFlight} calls at a time: wait for an answer`, 1)
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

  /** Throws RATE_LIMITED. Returns what ends the subscription's share. */
  subscribe(): () => void {
    const { maxSubscriptions } = this.#options.caps
    if (this.#open >= maxSubscriptions) throw limited(`at most ${maxSubscriptions} subscriptions on one connection`, 1)
    this.#open += 1
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      this.#open -= 1
      this.#usedAt = performance.now()
    }
  }

  /** For how long nothing was asked for and nothing followed, in milliseconds. */
  get idleMs(): number {
    return this.#inFlight + this.#open > 0 ? 0 : performance.now() - this.#usedAt
  }
}

export const limited = (message: string, retryAfterSeconds: number) =>
  new TablecastError('RATE_LIMITED', message, { retryAfterSeconds })
