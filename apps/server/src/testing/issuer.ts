// An identity provider for tests: it serves keys and signs tokens, also with a forger's key.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

export const AUDIENCE = 'https://table.example/api'
export const CLIENT_ID = 'table-client'

export async function openIssuer(port = 0) {
  let real = await generateKeyPair('RS256')
  let kid = 'real'
  const forged = await generateKeyPair('RS256')
  const jwkOf = async () => ({ ...(await exportJWK(real.publicKey)), kid, alg: 'RS256', use: 'sig' })
  const jwk = await jwkOf()
  let fetches = 0
  let served: unknown = { keys: [jwk] }
  let status = 200
  const server = createServer((_request, response) => {
    fetches += 1
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(served))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: listening } = server.address() as AddressInfo
  const domain = `http://127.0.0.1:${listening}`

  /** Signs a valid access token with the given changes of claims, key and header. */
  const sign = (
    change: JWTPayload = {},
    {
      key = real.privateKey,
      alg = 'RS256',
      kid: named = kid,
    }: { key?: Parameters<SignJWT['sign']>[0]; alg?: string; kid?: string } = {},
  ): Promise<string> => {
    const now = Math.floor(Date.now() / 1_000)
    const claims = { iss: `${domain}/`, aud: AUDIENCE, sub: 'auth0|mira', iat: now, exp: now + 600, ...change }
    const kept = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
    return new SignJWT(kept).setProtectedHeader({ alg, kid: named, typ: 'at+jwt' }).sign(key)
  }

  return {
    domain,
    port: listening,
    environment: { AUTH0_DOMAIN: domain, AUTH0_AUDIENCE: AUDIENCE, AUTH0_CLIENT_ID: CLIENT_ID },
    forgedKey: forged.privateKey,
    publicJwk: jwk,
    sign,
    /** Replaces the key that signs, and serves only the new one. */
    async rotate() {
      real = await generateKeyPair('RS256')
      kid = `rotated-${Math.random()}`
      served = { keys: [await jwkOf()] }
    },
    /** Serves this body instead of its keys. Without a body it serves its keys again. */
    async serve(body?: unknown, answer = 200) {
      served = body === undefined ? { keys: [await jwkOf()] } : body
      status = answer
    },
    get fetches() {
      return fetches
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
