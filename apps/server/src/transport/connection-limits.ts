// What one client may ask for: calls per second and at once, open subscriptions; and all connections of an address together.
import { TablecastError } from '@tablecast/contracts'
import { type KeyedBuckets, TokenBucket } from './limits.ts'

export interface ConnectionLimits {
  /** Throws RATE_LIMITED. Returns what ends the call's share. */
  call(): () => void
  /** Throws RATE_LIMITED. Returns what ends the subscription's share. */
  subscribe(): () => void
  /** For how long nothing was asked for and nothing followed, in milliseconds. */
  readonly idleMs: number
}

export type ConnectionLimitOptions = {
  callsPerSecond: number
  maxCallsInFlight: number
  maxSubscriptions: number
  /** Shared by all connections of an address; null where something else counts those. */
  address: { buckets: KeyedBuckets; key: string } | null
  /** Told of each call that is let in; returns what is told of its end. */
  began?: () => () => void
}

/** A burst of twice as many calls as in a second is all right. */
export function connectionLimits(options: ConnectionLimitOptions): ConnectionLimits {
  const { callsPerSecond, maxCallsInFlight, maxSubscriptions, address, began } = options
  const calls = new TokenBucket(callsPerSecond * 2, callsPerSecond)
  let [inFlight, open, usedAt] = [0, 0, performance.now()]
  return {
    call() {
      if (!calls.take()) throw limited('too many calls: slow down', calls.waitSeconds)
      const shared = address?.buckets.get(address.key)
      if (shared && !shared.take()) throw limited('too many calls from this address: slow down', shared.waitSeconds)
      if (inFlight >= maxCallsInFlight)
        throw limited(`at most ${maxCallsInFlight} calls at a time: wait for an answer`, 1)
      inFlight += 1
      const answered = began?.()
      return once(() => {
        inFlight -= 1
        answered?.()
        usedAt = performance.now()
      })
    },
    subscribe() {
      if (open >= maxSubscriptions) throw limited(`at most ${maxSubscriptions} subscriptions on one connection`, 1)
      open += 1
      return once(() => {
        open -= 1
        usedAt = performance.now()
      })
    },
    get idleMs() {
      return inFlight + open > 0 ? 0 : performance.now() - usedAt
    },
  }
}

function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}

export const limited = (message: string, retryAfterSeconds: number) =>
  new TablecastError('RATE_LIMITED', message, { retryAfterSeconds })
