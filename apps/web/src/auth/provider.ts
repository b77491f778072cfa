// The sign-in service, by its own library: PKCE, tokens in memory alone, rotating refresh tokens in a worker.
import { Auth0Client } from '@auth0/auth0-spa-js'
import workerUrl from '@auth0/auth0-spa-js/dist/auth0-spa-js.worker.production.js?url'
import { serverClock } from '../server-clock.ts'
import { type AccountConfig, useAccounts } from './accounts.ts'

/** The library tries three times. */
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
      // Not used here; it would look into a storage that the browser may refuse.
      anonymousSessionsCacheMode: 'memory',
      // From an address of ours, which the page's policy allows.
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

  /** Whether somebody is signed in there. The library's own asks a cookie first, and takes a service that is away for a no. */
  override async checkSession(): Promise<void> {
    // Somebody has just asked to sign in: the provider's own page finds out, and this page may not be allowed to ask it.
    if (useAccounts.getState().returnTo !== null) return
    try {
      await this.getTokenSilently()
    } catch (error) {
      if (!isRefusal(error)) throw error
    }
  }

  async token(isFresh: boolean): Promise<string> {
    const token = await this.#ask(isFresh).catch((error: unknown) => {
      // A refresh token is good once. One whose answer was lost is refused, and forgotten with that; the provider's session may still be there.
      if (codeOf(error) === 'invalid_grant') return this.#ask(isFresh)
      throw error
    })
    if (token === undefined) throw new Error('the sign-in service gave no token')
    return token
  }

  /** Of this page alone: what the provider knows stays. */
  forget(): Promise<void> {
    return this.logout({ openUrl: false })
  }

  #ask(isFresh: boolean): Promise<string | undefined> {
    return this.getTokenSilently(isFresh ? { cacheMode: 'off' } : {})
  }
}

/** What the library calls it when the service did not answer, or not as one does (RFC 6749 §4.1.2.1). */
const away = new Set(['timeout', 'request_error', 'server_error', 'temporarily_unavailable'])

/** The service answered, and asks for the person: a later try would be refused as well. */
export function isRefusal(error: unknown): boolean {
  const code = codeOf(error)
  return code !== null && !away.has(code)
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'error' in error && typeof error.error === 'string' ? error.error : null
