// Signs a person in at the test's OpenID provider without a browser: the code flow with PKCE (RFC 7636), and renewals.
import { createHash, randomBytes } from 'node:crypto'

export type OidcClient = { domain: string; audience: string; clientId: string; application: string }
export type OidcTokens = { accessToken: string; refreshToken: string }

/** The provider accepts any name. */
export async function signInAtProvider(client: OidcClient, name: string): Promise<OidcTokens> {
  const { domain, audience, clientId, application } = client
  const verifier = randomBytes(32).toString('base64url')
  const cookies = new Map<string, string>()
  const ask = async (url: URL, form?: Record<string, string>): Promise<URL> => {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
    await answer.arrayBuffer()
    for (const line of answer.headers.getSetCookie()) {
      const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(key, value)
    }
    const next = answer.headers.get('location')
    return next === null ? url : new URL(next, url)
  }
  const start = new URL('/authorize', domain)
  start.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: `${application}/`,
    response_type: 'code',
    scope: 'openid profile email offline_access',
    audience,
    state: 'state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString()
  // The provider asks for name and password, then for consent, with redirects to itself in between.
  const answers = [{ prompt: 'login', login: name, password: 'secret' }, { prompt: 'consent' }]
  let at = await ask(start)
  while (at.origin === new URL(domain).origin) {
    const form = at.pathname.startsWith('/interaction/') ? answers.shift() : undefined
    at = await ask(at, form)
  }
  return grant(client, {
    grant_type: 'authorization_code',
    code: at.searchParams.get('code') ?? '',
    redirect_uri: `${application}/`,
    code_verifier: verifier,
  })
}

/** Throws `RefusedByProvider` if the provider answers with a refusal. */
export const renewAtProvider = (client: OidcClient, refreshToken: string): Promise<OidcTokens> =>
  grant(client, { grant_type: 'refresh_token', refresh_token: refreshToken })

export class RefusedByProvider extends Error {}

const TIMEOUT_MS = 4_000

async function grant({ domain, clientId }: OidcClient, given: Record<string, string>): Promise<OidcTokens> {
  const answer = await fetch(new URL('/oauth/token', domain), {
    method: 'POST',
    body: new URLSearchParams({ client_id: clientId, ...given }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const body = (await answer.json()) as { access_token?: string; refresh_token?: string; error_description?: string }
  if (!body.access_token || !body.refresh_token) throw new RefusedByProvider(body.error_description)
  return { accessToken: body.access_token, refreshToken: body.refresh_token }
}
