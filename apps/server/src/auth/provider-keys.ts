// The public keys of the accounts' provider. They are fetched at the first need and kept for an hour. A token that names an unknown
// key makes the server fetch them again, because the provider may just have changed its keys.
import { TablecastError } from '@tablecast/contracts'
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { Rate, TokenBucket } from '../transport/limits.ts'

const MAX_AGE_MS = 60 * 60_000
const FETCH_TIMEOUT_MS = 4_000
/**
 * Anybody can send tokens that name made-up keys, and each costs a request to the provider. Hence a burst, then one fetch in 10
 * s.
 */
const FETCH_LIMIT = { burst: 6, perSecond: 0.1 }

/** Has at least one key that can verify. A provider that answers without one is being set up, or broken. */
const KeySet = z
  .custom<JSONWebKeySet>(
    (answer) => z.object({ keys: z.array(z.looseObject({ kty: z.string() })) }).safeParse(answer).success,
  )
  .refine(({ keys }) => keys.some(({ kty, use }) => kty === 'RSA' && use !== 'enc'))

type FetchedKeys = { keyFor: ReturnType<typeof createLocalJWKSet>; askedAt: number }

export class ProviderKeys {
  readonly #url: string
  readonly #now: () => number
  readonly #fetches: TokenBucket
  #known: FetchedKeys | null = null
  #fetching: Promise<FetchedKeys> | null = null

  constructor(url: string, now = () => performance.now()) {
    this.#url = url
    this.#now = now
    this.#fetches = new TokenBucket(new Rate(FETCH_LIMIT.burst, FETCH_LIMIT.perSecond, now))
  }

  /**
   * The key that a token names. Throws jose's `JWKSNoMatchingKey` if an answer that was requested during this call has no such key,
   * and UNAVAILABLE if the provider can't be reached or the fetch limit is used up.
   */
  readonly get: JWTVerifyGetKey = async (header, token) => {
    const calledAt = this.#now()
    let known = this.#known && calledAt - this.#known.askedAt < MAX_AGE_MS ? this.#known : await this.#fetch()
    for (;;)
      try {
        return await known.keyFor(header, token)
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey) || known.askedAt >= calledAt) throw error
        known = await this.#newerThan(known)
      }
  }

  /** A newer answer of the provider than `known`. All waiting calls share one request. */
  #newerThan(known: FetchedKeys): FetchedKeys | Promise<FetchedKeys> {
    if (this.#fetching) return this.#fetching
    if (this.#known && this.#known !== known) return this.#known
    if (!this.#fetches.take()) throw unavailable(this.#fetches.waitSeconds)
    return this.#fetch()
  }

  #fetch(): Promise<FetchedKeys> {
    return (this.#fetching ??= this.#request().finally(() => (this.#fetching = null)))
  }

  async #request(): Promise<FetchedKeys> {
    const askedAt = this.#now()
    try {
      const response = await fetch(this.#url, {
        headers: { accept: 'application/json' },
        redirect: 'manual',
        signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
      })
      if (!response.ok) throw new Error(`it answered ${response.status}`)
      const keyFor = createLocalJWKSet(KeySet.parse(await response.json()))
      // Only a valid answer replaces the keys from before.
      return (this.#known = { keyFor, askedAt })
    } catch (error) {
      throw unavailable(1, error)
    }
  }
}

const unavailable = (retryAfterSeconds: number, cause?: unknown) =>
  Object.assign(
    new TablecastError('UNAVAILABLE', 'The sign-in service can not be reached: try again.', { retryAfterSeconds }),
    cause === undefined ? {} : { cause },
  )
