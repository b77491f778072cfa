// Verifies access tokens of Auth0, or of any OpenID provider with the same token format (RFC 9068, RFC 7519).
import { createHash } from 'node:crypto'
import { DisplayName, TablecastError } from '@tablecast/contracts'
import { errors, type JWTPayload, jwtVerify } from 'jose'
import { ProviderKeys } from './provider-keys.ts'

export type Auth0Options = { domain: string; audience: string; clientId: string }

/**
 * `subject`: a hash of issuer and subject, so that two tenants never share a user. `name`: null if the token has no usable one.
 * `expiresAt`: ms since the epoch.
 */
export type AccountClaims = { subject: string; name: string | null; expiresAt: number }

const ALGORITHMS = ['RS256', 'PS256']
/** The clocks of provider and server may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 5

export class Auth0Tokens {
  readonly #options: Auth0Options
  readonly #issuer: string
  readonly #keys: ProviderKeys

  constructor(options: Auth0Options) {
    this.#options = options
    this.#issuer = `${originOf(options.domain)}/`
    this.#keys = new ProviderKeys(new URL('.well-known/jwks.json', this.#issuer).href)
  }

  /**
   * Null for anything that is not a valid access token for this server. Throws UNAVAILABLE when the provider's keys can't be
   * fetched.
   */
  async read(token: string): Promise<AccountClaims | null> {
    const payload = await this.#verified(token)
    if (!payload?.sub || payload.exp === undefined || this.#isIdToken(payload)) return null
    const subject = createHash('sha256').update(`${this.#issuer}\n${payload.sub}`).digest('hex')
    const name = [payload['name'], payload['nickname']].map((one) => DisplayName.safeParse(one).data).find(Boolean)
    return { subject, name: name ?? null, expiresAt: payload.exp * 1_000 }
  }

  async #verified(token: string): Promise<JWTPayload | null> {
    try {
      const { payload } = await jwtVerify(token, this.#keys.get, {
        issuer: this.#issuer,
        audience: this.#options.audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      })
      return payload
    } catch (error) {
      // Every error of jose means a bad token: its signature, claims or times, or a key that the provider does not have.
      if (error instanceof errors.JOSEError) return null
      throw error instanceof TablecastError
        ? error
        : new TablecastError('UNAVAILABLE', 'The sign-in service can not be reached: try again.')
    }
  }

  /** An ID token tells the client which user signed in. It grants no access. */
  #isIdToken({ aud, nonce, at_hash: accessTokenHash }: JWTPayload): boolean {
    const audiences = Array.isArray(aud) ? aud : [aud]
    return audiences.includes(this.#options.clientId) || nonce !== undefined || accessTokenHash !== undefined
  }
}

/** A bare domain is served over HTTPS. */
export const originOf = (domain: string): string =>
  (/^https?:\/\//.test(domain) ? domain : `https://${domain}`).replace(/\/$/, '')
