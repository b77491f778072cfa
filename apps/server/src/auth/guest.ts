// Guest sign-in: a guest gives a name and gets a signed token, which is the guest's whole identity.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DisplayName, Id, type Session } from '@tablecast/contracts'
import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { Identity } from '../transport/identity.ts'

const LIFETIME_DAYS = 180
const ISSUER = 'tablecast'
export const GUEST_ALGORITHM = 'HS256'
const Claims = z.object({ sub: Id, name: DisplayName, exp: z.number() })

export type GuestIdentity = Pick<Identity, 'userId' | 'name' | 'expiresAt'>

export class GuestTokens {
  readonly #secret: Uint8Array

  constructor(secret: string) {
    this.#secret = new TextEncoder().encode(secret)
  }

  create(name: string): Promise<Session> {
    return this.issue(`guest-${randomBytes(12).toString('base64url')}`, name)
  }

  /** A new token of a guest, with this name. */
  async issue(userId: string, name: string): Promise<Session> {
    const expiresAt = Date.now() + LIFETIME_DAYS * 24 * 60 * 60 * 1_000
    const token = await new SignJWT({ name })
      .setProtectedHeader({ alg: GUEST_ALGORITHM })
      .setSubject(userId)
      .setIssuer(ISSUER)
      .setIssuedAt()
      .setExpirationTime(Math.floor(expiresAt / 1_000))
      .sign(this.#secret)
    return { token, userId, name, expiresAt: new Date(expiresAt).toISOString() }
  }

  /** Null for anything that isn't a valid token of this server. */
  async read(token: string): Promise<GuestIdentity | null> {
    try {
      const { payload } = await jwtVerify(token, this.#secret, { issuer: ISSUER, algorithms: [GUEST_ALGORITHM] })
      const { sub, name, exp } = Claims.parse(payload)
      return { userId: sub, name, expiresAt: exp * 1_000 }
    } catch {
      return null
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
