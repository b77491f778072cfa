// Who someone is: a guest with a signed token of ours, or an account of the configured provider.
import { type Me, type Session, TablecastError } from '@tablecast/contracts'
import type { Store } from '@tablecast/store'
import { decodeProtectedHeader } from 'jose'
import type { Audit } from '../ops/audit.ts'
import type { AccountClaims, Auth0Tokens } from './auth0.ts'
import { GUEST_ALGORITHM, type GuestTokens } from './guest.ts'
import type { Identity } from './identity.ts'

export type AuthOptions = {
  store: Store
  guests: GuestTokens
  /** Guests may sign in. Where they may not, their tokens are still good for going over into an account. */
  admitsGuests: boolean
  accounts: Auth0Tokens | null
  audit: Audit
  /** Gives the guest's seats and characters to the user of the account. May be called again after a failure. */
  moveSeats(from: Identity, to: Identity): Promise<void>
  /** The user's connections end: they are someone else now. */
  endConnections(userId: string): void
}

export class Auth {
  readonly #options: AuthOptions

  constructor(options: AuthOptions) {
    this.#options = options
  }

  /** Throws FORBIDDEN where guests are not let in. */
  async signInGuest(name: string): Promise<Session> {
    const { admitsGuests, guests, audit } = this.#options
    if (!admitsGuests) throw new TablecastError('FORBIDDEN', 'guests are not let in here: sign in with an account')
    const session = await guests.create(name)
    await audit.write({ roomId: null, kind: 'signed_in', by: session, detail: {} })
    return session
  }

  /** Null for anything that isn't a valid token. Throws UNAVAILABLE when that can't be found out at the moment. */
  async verify(token: string): Promise<Identity | null> {
    return isGuestToken(token) ? this.#verifyGuest(token) : this.#verifyAccount(token)
  }

  /** As `verify`; throws UNAUTHORIZED for anything that isn't a valid token. */
  async identify(token: string): Promise<Identity> {
    const identity = await this.verify(token)
    if (!identity) throw new TablecastError('UNAUTHORIZED', 'the token is not valid (any more): sign in again')
    return identity
  }

  /**
   * Someone came with the token of an account. `guestToken`: who they were in this browser until now; that guest becomes the
   * account's user, or, when the account has one already, gives its seats to them. Throws UNAUTHORIZED for a guest's token.
   */
  async arrive(
    token: string,
    { name, guestToken }: { name: string; guestToken?: string | null | undefined },
  ): Promise<Me> {
    const claims = isGuestToken(token) ? null : await this.#options.accounts?.read(token)
    if (!claims) throw new TablecastError('UNAUTHORIZED', 'sign in with an account first')
    const guest = guestToken ? await this.#verifyGuest(guestToken, true) : null
    const before = await this.#userOf(claims)
    const isKnown = before.isStored || (await this.#hasSeats(before.userId))
    if (guest && isKnown && guest.userId !== before.userId) await this.#merge(guest, { ...before, name })
    const userId = guest && !isKnown ? guest.userId : before.userId
    const at = new Date().toISOString()
    await this.#options.store.write(async ({ users }) => {
      const row = await users.get(userId)
      await users.put({
        id: userId,
        subject: claims.subject,
        name,
        mergedInto: null,
        createdAt: row?.createdAt ?? at,
      })
    })
    const who = { userId, name }
    if (guest && guest.userId === userId) this.#options.endConnections(userId)
    if (guest)
      await this.#options.audit.write({ roomId: null, kind: 'upgraded', by: who, detail: { name: guest.name } })
    await this.#options.audit.now({ roomId: null, kind: 'signed_in', by: who, detail: {} })
    return { ...who, kind: 'account', expiresAt: new Date(claims.expiresAt).toISOString() }
  }

  /** A guest who went over into an account is none any more, whoever kept the old token. */
  async #verifyGuest(token: string, isGoingOver = false): Promise<Identity | null> {
    const { guests, store, admitsGuests } = this.#options
    const identity = admitsGuests || isGoingOver ? await guests.read(token) : null
    if (!identity) return null
    const row = await store.read(({ users }) => users.get(identity.userId))
    return row ? null : identity
  }

  async #verifyAccount(token: string): Promise<Identity | null> {
    const claims = await this.#options.accounts?.read(token)
    if (!claims) return null
    const { userId, name } = await this.#userOf(claims)
    return { userId, name, kind: 'account', expiresAt: claims.expiresAt }
  }

  /** `isStored`: they came by `arrive` before. */
  #userOf({ subject, name, expiresAt }: AccountClaims): Promise<Identity & { isStored: boolean }> {
    return this.#options.store.read(async ({ users }) => {
      const row = await users.findBySubject(subject)
      const userId = row?.id ?? `user-${Buffer.from(subject, 'hex').toString('base64url').slice(0, 27)}`
      return { userId, name: row?.name ?? name ?? 'Someone', kind: 'account', expiresAt, isStored: row !== null }
    })
  }

  /** Somebody who only used programs may sit in rooms all the same. */
  async #hasSeats(userId: string): Promise<boolean> {
    return (await this.#options.store.read(({ rooms }) => rooms.listFor(userId))).length > 0
  }

  async #merge(guest: Identity, user: Identity): Promise<void> {
    const { store, moveSeats, endConnections } = this.#options
    await moveSeats(guest, user)
    await store.write(({ users }) =>
      users.put({
        id: guest.userId,
        subject: null,
        name: guest.name,
        mergedInto: user.userId,
        createdAt: new Date().toISOString(),
      }),
    )
    endConnections(guest.userId)
  }
}

function isGuestToken(token: string): boolean {
  try {
    return decodeProtectedHeader(token).alg === GUEST_ALGORITHM
  } catch {
    return false
  }
}
