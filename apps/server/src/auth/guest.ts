// Guest sign-in: a guest gives a name and gets a signed token, which is the guest's whole identity.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DisplayName, Id, type Session } from '@tablecast/contracts'
import { type CryptoKey, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { Identity } from '../transport/identity.ts'

const LIFETIME_DAYS = 180
const ISSUER = 'tablecast'
export const GUEST_ALGORITHM = 'HS256'
const Claims = z.object({ sub: Id, name: DisplayName, exp: z.number() })

export type GuestIdentity = Pick<Identity, 'userId' | 'name' | 'expiresAt'>

/** A page shows its token several times while it opens, and then hardly again. */
const MAX_KNOWN = 2_000

export class GuestTokens {
  /** Imported once: each use of the bare secret would import it again. */
  readonly #key: Promise<CryptoKey>
  /** The newest tokens that this process signed or verified. They hold no decision: each use looks at the end of the token again. */
  readonly #known = new Map<string, GuestIdentity>()

  constructor(secret: string) {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' }
    this.#key = crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, ['sign', 'verify'])
  }

  create(name: string): Promise<Session> {
    return this.issue(`guest-${randomBytes(12).toString('base64url')}`, name)
  }

  /** A new token of a guest, with this name. */
  async issue(userId: string, name: string): Promise<Session> {
    const expiresAt = Date.now() + LIFETIME_DAYS * 24 * 60 * 60 * 1_000
    const exp = Math.floor(expiresAt / 1_000)
    const token = await new SignJWT({ name })
      .setProtectedHeader({ alg: GUEST_ALGORITHM })
      .setSubject(userId)
      .setIssuer(ISSUER)
      .setIssuedAt()
      .setExpirationTime(exp)
      .sign(await this.#key)
    this.#know(token, { userId, name, expiresAt: exp * 1_000 })
    return { token, userId, name, expiresAt: new Date(expiresAt).toISOString() }
  }

  /** Null for anything that isn't a valid token of this server. */
  async read(token: string): Promise<GuestIdentity | null> {
    const known = this.#known.get(token)
    if (known && known.expiresAt > Date.now()) return known
    try {
      const { payload } = await jwtVerify(token, await this.#key, { issuer: ISSUER, algorithms: [GUEST_ALGORITHM] })
      const { sub, name, exp } = Claims.parse(payload)
      const identity = { userId: sub, name, expiresAt: exp * 1_000 }
      this.#know(token, identity)
      return identity
    } catch {
      return null
    }
  }

  #know(token: string, identity: GuestIdentity): void {
    this.#known.set(token, identity)
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_KNOWN) break
      this.#known.delete(oldest)
    }
  }
}

/** The secret in this data directory. The first start creates it. */
export function sessionSecret(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true })
  const file = join(dataDir, 'session-secret')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  return readFileSync(file, 'utf8').trim()
}
