// A real OpenID provider with the paths, the `audience` and the sign-out of Auth0. Any name and password sign in.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type Configuration, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { AddressInfo } from 'node:net'
import { TcpProxy } from './tcp-proxy.ts'

export type OidcOptions = {
  /** The origin of the application's pages. */
  application: string
  audience?: string
  clientId?: string
  /** The lifetime of an access token. */
  accessTokenSeconds?: number
}

export type OidcProvider = AsyncDisposable & {
  domain: string
  audience: string
  clientId: string
  /** The variables of a server that trusts it. */
  environment: Record<string, string>
  /** Tokens given out so far, by grant type. */
  grants: ReadonlyMap<string, number>
  /** From now on the provider refuses every connection, or accepts it and answers nothing. */
  goAway(how: 'refuses' | 'hangs'): void
  comeBack(): void
}

export async function startOidc(options: OidcOptions): Promise<OidcProvider> {
  const { application, audience = 'https://table.example/api', clientId = 'table', accessTokenSeconds = 600 } = options
  const places: number[] = []
  let isAway = false
  const front = await TcpProxy.listen({ route: () => (isAway ? [] : places) })
  const domain = `http://localhost:${front.port}`
  const grants = new Map<string, number>()
  const provider = new Provider(`${domain}/`, configurationOf({ application, audience, clientId, accessTokenSeconds }))
  provider.proxy = false
  provider.on('grant.success', ({ oidc }: KoaContextWithOIDC) => {
    const type = String(oidc.params?.['grant_type'])
    grants.set(type, (grants.get(type) ?? 0) + 1)
  })
  const handle = provider.callback()
  const server = createServer((request, response) => {
    // Auth0's name for it.
    const url = new URL(request.url ?? '/', domain)
    const back = url.searchParams.get('returnTo')
    if (url.pathname === '/v2/logout' && back) {
      url.searchParams.set('post_logout_redirect_uri', back)
      request.url = url.pathname + url.search
    }
    void handle(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // The final port is known only after listening.
  places.push((server.address() as AddressInfo).port)
  return {
    domain,
    audience,
    clientId,
    environment: { AUTH0_DOMAIN: domain, AUTH0_AUDIENCE: audience, AUTH0_CLIENT_ID: clientId },
    grants,
    goAway(how) {
      if (how === 'hangs') return front.freeze()
      isAway = true
      front.cut()
    },
    comeBack() {
      isAway = false
      // Waiting messages are lost, as in a broken network.
      front.cut()
      front.thaw()
    },
    async [Symbol.asyncDispose]() {
      await front[Symbol.asyncDispose]()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const configurationOf = ({
  application,
  audience,
  clientId,
  accessTokenSeconds,
}: Required<OidcOptions>): Configuration => ({
  clients: [
    {
      client_id: clientId,
      application_type: 'web',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: [`${application}/`],
      post_logout_redirect_uris: [application],
    },
  ],
  routes: {
    authorization: '/authorize',
    token: '/oauth/token',
    end_session: '/v2/logout',
    jwks: '/.well-known/jwks.json',
  },
  extraParams: ['audience', 'auth0Client', 'returnTo'],
  conformIdTokenClaims: false,
  claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
  clientBasedCORS: () => true,
  rotateRefreshToken: true,
  // As at Auth0, offline access needs no separate consent.
  issueRefreshToken: (_context, client) => Promise.resolve(client.grantTypeAllowed('refresh_token')),
  findAccount: (_context, sub) => ({
    accountId: sub,
    claims: () => ({ sub, name: sub, email: `${sub}@table.example` }),
  }),
  features: {
    devInteractions: { enabled: true },
    webMessageResponseMode: { enabled: true },
    rpInitiatedLogout: { enabled: true, logoutSource: signOutAtOnce },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'openid profile email offline_access',
        audience,
        accessTokenFormat: 'jwt',
        accessTokenTTL: accessTokenSeconds,
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
  ttl: {
    AccessToken: accessTokenSeconds,
    RefreshToken: 3_600,
    Session: 3_600,
    Grant: 3_600,
    Interaction: 600,
    IdToken: 600,
  },
})

/** Auth0 signs out without a question. */
function signOutAtOnce(context: KoaContextWithOIDC, form: string): void {
  context.body = `<!doctype html><body>${form}<button form="op.logoutForm" name="logout" value="yes">Sign out</button></body>`
}
