import { KeyedBuckets, KeyedCount } from '../../../transport/limits.ts'
import { tooManyAtOnce, tooOften } from './upload-refused.ts'

const SECONDS_OF_HOUR = 3_600
const MAX_AT_ONCE = 2

/** The number of uploads in an hour and at a time: of a person, and of an address. */
export class UploadLimits {
  readonly #perHour: number
  readonly #recent: KeyedBuckets
  readonly #atOnce = new KeyedCount(MAX_AT_ONCE)

  constructor(perHour: number, now?: () => number) {
    this.#perHour = perHour
    this.#recent = new KeyedBuckets(perHour, perHour / SECONDS_OF_HOUR, now)
  }

  /** Throws RATE_LIMITED. Returns a function that ends the upload's share of those at a time. */
  take(userId: string, address: string): () => void {
    const keys = [`user ${userId}`, `address ${address}`]
    const taken: (() => void)[] = []
    const release = () => {
      for (const one of taken) one()
    }
    for (const key of keys) {
      const share = this.#atOnce.take(key)
      if (!share) {
        release()
        throw tooManyAtOnce(MAX_AT_ONCE)
      }
      taken.push(share)
    }
    const buckets = keys.map((key) => this.#recent.get(key))
    const empty = buckets.find(({ isEmpty }) => isEmpty)
    if (empty) {
      release()
      throw tooOften(this.#perHour, empty.waitSeconds)
    }
    for (const bucket of buckets) bucket.take()
    return release
  }
}
