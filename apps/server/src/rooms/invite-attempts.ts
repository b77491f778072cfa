import { TablecastError } from '@tablecast/contracts'
import { KeyedQueue } from '@tablecast/orchestrator'
import { limited } from '../transport/connection-limits.ts'
import { KeyedBuckets } from '../transport/limits.ts'

/** Limits wrong invite codes, by the client's address. */
export class InviteAttempts {
  readonly #buckets: KeyedBuckets
  readonly #queue = new KeyedQueue()

  constructor(perMinute: number) {
    this.#buckets = new KeyedBuckets(perMinute, perMinute / 60)
  }

  /**
   * Tries the codes of an address one after another, so that a wrong one counts before the next is tried. `work` throws
   * INVITE_NOT_FOUND for a wrong one. Throws RATE_LIMITED when the address tried too many.
   */
  run<T>(address: string, work: (deadline: number) => Promise<T>): Promise<T> {
    return this.#queue.run(address, async (deadline) => {
      const attempts = this.#buckets.get(address)
      if (attempts.isEmpty)
        throw limited('Too many wrong invites from this address: wait a while.', attempts.waitSeconds)
      return work(deadline).catch((error: unknown) => {
        if (error instanceof TablecastError && error.code === 'INVITE_NOT_FOUND') attempts.take()
        throw error
      })
    })
  }
}
