// The sign-in service through its own library: PKCE, tokens in memory alone, rotating refresh tokens in a worker.
import { Auth0Client } from '@auth0/auth0-spa-js'
import workerUrl from '@auth0/auth0-spa-js/dist/auth0-spa-js.worker.production.js?url'
import { serverClock } from '../server-clock.ts'
import { type AccountConfig, useAccounts } from './accounts.ts'

/** For one try; the library makes three. */
const HTTP_SECONDS = 4
const SILENT_SECONDS = 10

export class Provider extends Auth0Client {
  constructor({ domain, clientId, audience }: AccountConfig) {
    super({
      domain,
      clientId,
      authorizationParams: {
        redirect_uri: `${location.origin}/`,
        audience,
        scope: 'openid profile email offline_access',
      },
      cacheLocation: 'memory',
      // Not used here. Its default touches a storage that the browser may refuse.
      anonymousSessionsCacheMode: 'memory',
      // Served by us, because the page's policy allows no other origin.
      workerUrl,
      useRefreshTokens: true,
      // After a reload there is no refresh token in memory: the provider's own session gives a new one.
      useRefreshTokensFallback: true,
      httpTimeoutInSeconds: HTTP_SECONDS,
      authorizeTimeoutInSeconds: SILENT_SECONDS,
      // This device's clock may be a year ahead of every token.
      nowProvider: () => serverClock.now(),
    })
  }

  /** Finds out whether a person is signed in at the provider. The library's own version takes an absent service for a no. */
  override async checkSession(): Promise<void> {
    // A person has just asked to sign in. The provider's own page finds out, and this page may not be allowed to ask.
    if (useAccounts.getState().returnTo !== null) return
    try {
      await this.getTokenSilently()
    } catch (error) {
      if (!isRefusal(error)) throw error
    }
  }

  async token(isFresh: boolean): Promise<string> {
    const token = await this.#ask(isFresh).catch((error: unknown) => {
      // A refresh token works once. When its answer was lost, the next use is refused, but the provider's session may still give a new one.
      if (codeOf(error) === 'invalid_grant') return this.#ask(isFresh)
      throw error
    })
    if (token === undefined) throw new Error('the sign-in service gave no token')
    return token
  }

  /** Forgets the person in this page alone. The provider's session stays. */
  forget(): Promise<void> {
    return this.logout({ openUrl: false })
  }

  #ask(isFresh: boolean): Promise<string | undefined> {
    return this.getTokenSilently(isFresh ? { cacheMode: 'off' } : {})
  }
}

/** The library's codes for a service that did not answer, or answered with a fault (RFC 6749 §4.1.2.1). */
const away = new Set(['timeout', 'request_error', 'server_error', 'temporarily_unavailable'])

/** True when the service wants the person to sign in: a later try would be refused as well. */
export function isRefusal(error: unknown): boolean {
  const code = codeOf(error)
  return code !== null && !away.has(code)
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'error' in error && typeof error.error === 'string' ? error.error : null
