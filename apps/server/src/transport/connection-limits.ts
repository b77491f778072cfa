import { TablecastError } from '@tablecast/contracts'
import type { ConnectionLimits } from '../trpc.ts'
import { TokenBucket } from './limits.ts'

/** The limits of one connection: calls per second, with a burst of twice as many, and open subscriptions. */
export function connectionLimits(callsPerSecond: number, maxSubscriptions: number): ConnectionLimits {
  const calls = new TokenBucket(callsPerSecond * 2, callsPerSecond)
  let open = 0
  return {
    call() {
      if (!calls.take()) throw new TablecastError('RATE_LIMITED', 'too many calls: slow down', { retryAfterSeconds: 1 })
    },
    subscribe() {
      if (open >= maxSubscriptions)
        throw new TablecastError('RATE_LIMITED', `at most ${maxSubscriptions} subscriptions on one connection`)
      open += 1
      return () => void (open -= 1)
    },
  }
}
