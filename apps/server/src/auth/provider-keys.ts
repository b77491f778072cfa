// The public keys of the accounts' provider: fetched when they are first needed, kept for an hour, and fetched again for a token
// that names a key which is not among them, since the provider may have changed its keys a moment ago.
import { TablecastError } from '@tablecast/contracts'
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { TokenBucket } from '../transport/limits.ts'

const FRESH_MS = 60 * 60_000
const TIMEOUT_MS = 4_000
/** Anybody can send a token that names a key of their own, and each costs the provider a request: so many at once, one in 10 s. */
const FETCHES = { burst: 6, perSecond: 0.1 }

/** At least one key that can verify: a provider that answers with none is one that is being set up, or broken. */
const KeySet = z
  .custom<JSONWebKeySet>(
    (answer) => z.object({ keys: z.array(z.looseObject({ kty: z.string() })) }).safeParse(answer).success,
  )
  .refine(({ keys }) => keys.some(({ kty, use }) => kty === 'RSA' && use !== 'enc'))

type Known = { keyFor: ReturnType<typeof createLocalJWKSet>; askedAt: number }

export class ProviderKeys {
  readonly #url: string
  readonly #now: () => number
  readonly #fetches: TokenBucket
  #known: Known | null = null
  #fetching: Promise<Known> | null = null

  constructor(url: string, now = () => performance.now()) {
    this.#url = url
    this.#now = now
    this.#fetches = new TokenBucket(FETCHES.burst, FETCHES.perSecond, now)
  }

  /**
   * The key that a token names. Throws jose's `JWKSNoMatchingKey` when the provider says now that it has no such key, and UNAVAILABLE
   * when it can not be asked.
   */
  readonly get: JWTVerifyGetKey = async (header, token) => {
    const came = this.#now()
    let known = this.#known && came - this.#known.askedAt < FRESH_MS ? this.#known : await this.#fetch()
    for (;;)
      try {
        return await known.keyFor(header, token)
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey) || known.askedAt >= came) throw error
        known = await this.#newerThan(known)
      }
  }

  /** The next answer of the provider; one question for all who wait. */
  #newerThan(known: Known): Known | Promise<Known> {
    if (this.#fetching) return this.#fetching
    if (this.#known && this.#known !== known) return this.#known
    if (!this.#fetches.take()) throw unavailable(this.#fetches.waitSeconds)
    return this.#fetch()
  }

  #fetch(): Promise<Known> {
    return (this.#fetching ??= this.#ask().finally(() => (this.#fetching = null)))
  }

  async #ask(): Promise<Known> {
    const askedAt = this.#now()
    try {
      const response = await fetch(this.#url, {
        headers: { accept: 'application/json' },
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      if (!response.ok) throw new Error(`it answered ${response.status}`)
      const keyFor = createLocalJWKSet(KeySet.parse(await response.json()))
      // Whatever the answer is not, the keys from before stay known.
      return (this.#known = { keyFor, askedAt })
    } catch (error) {
      throw unavailable(1, error)
    }
  }
}

const unavailable = (retryAfterSeconds: number, cause?: unknown) =>
  Object.assign(
    new TablecastError('UNAVAILABLE', 'the sign-in service can not be reached: try again', { retryAfterSeconds }),
    cause === undefined ? {} : { cause },
  )
