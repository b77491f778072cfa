// Who someone is: a guest with a signed token of ours, or an account of the configured provider.
import { type Me, type Session, TablecastError } from '@tablecast/contracts'
import type { Store, Repositories } from '@tablecast/store'
import { decodeProtectedHeader } from 'jose'
import type { Audit } from '../ops/audit.ts'
import type { Auth0Tokens } from './auth0.ts'
import { GUEST_ALGORITHM, type GuestIdentity, type GuestTokens } from './guest.ts'
import type { Identity } from './identity.ts'

export type AuthOptions = {
  store: Store
  guests: GuestTokens
  /** Guests may sign in. Where they may not, their tokens are still good for going over into an account. */
  admitsGuests: boolean
  accounts: Auth0Tokens | null
  audit: Audit
  /** Gives the guest's seats and characters to the user of the account. May be called again after a failure. */
  moveSeats(from: { userId: string; name: string }, to: { userId: string; name: string }): Promise<void>
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
    const { accounts, guests, store, audit, moveSeats, endConnections } = this.#options
    const claims = isGuestToken(token) ? null : await accounts?.read(token)
    if (!claims) throw new TablecastError('UNAUTHORIZED', 'sign in with an account first')
    const guest = guestToken ? await guests.read(guestToken) : null
    const { userId, goesOver, isNew } = await store.write((tables) => settle(tables, claims.subject, guest, name))
    const who = { userId, name }
    // After the guest can do nothing more: whatever they had by then moves, and a call that was cut short goes on here when it is repeated.
    if (guest && goesOver === 'seats') await moveSeats(guest, who)
    if (guest && goesOver) endConnections(guest.userId)
    if (guest && goesOver && isNew)
      await audit.write({ roomId: null, kind: 'upgraded', by: who, detail: { name: guest.name } })
    await audit.now({ roomId: null, kind: 'signed_in', by: who, detail: {} })
    return { ...who, kind: 'account', expiresAt: new Date(claims.expiresAt).toISOString() }
  }

  /** Whether an identity that was told earlier is still one: guests may have become users, or be let in no more. */
  async isStillGood({ users }: Repositories, { userId, kind }: Pick<Identity, 'userId' | 'kind'>): Promise<boolean> {
    const { admitsGuests, accounts } = this.#options
    const row = await users.get(userId)
    return kind === 'guest' ? admitsGuests && row === null : accounts !== null && !row?.mergedInto
  }

  /** A guest token stops working once the guest has an account. */
  async #verifyGuest(token: string): Promise<Identity | null> {
    const { guests, store } = this.#options
    const checkedAt = performance.now()
    const identity = await guests.read(token)
    const isGood = identity && (await store.read((tables) => this.isStillGood(tables, { ...identity, kind: 'guest' })))
    return isGood ? { ...identity, kind: 'guest', checkedAt } : null
  }

  async #verifyAccount(token: string): Promise<Identity | null> {
    const checkedAt = performance.now()
    const claims = await this.#options.accounts?.read(token)
    if (!claims) return null
    const { subject, expiresAt } = claims
    const row = await this.#options.store.read(({ users }) => users.findBySubject(subject))
    const name = row?.name ?? claims.name ?? 'Someone'
    return { userId: row?.id ?? standInOf(subject), name, kind: 'account', expiresAt, checkedAt }
  }
}

/** Who somebody with an account is before they came by `arrive`: programs never do. */
const standInOf = (subject: string): string => `user-${Buffer.from(subject, 'hex').toString('base64url').slice(0, 27)}`

/** `goesOver`: the guest becomes the account's user (`self`), or gives it their seats. `isNew`: for the first time. */
type Settled = { userId: string; goesOver: 'self' | 'seats' | null; isNew: boolean }

/**
 * Decides who an account and a guest are from now on, and stores it. Under locks on both, so that two accounts never get the same
 * guest, two tabs of an account agree, and nothing that the guest still does comes after it.
 */
async function settle(
  { locks, users, rooms }: Repositories,
  subject: string,
  guest: GuestIdentity | null,
  name: string,
): Promise<Settled> {
  const standIn = standInOf(subject)
  await locks.hold(`account:${subject}`)
  for (const id of [standIn, ...(guest ? [guest.userId] : [])]) await locks.hold(`user:${id}`)
  const at = new Date().toISOString()
  const known = await users.findBySubject(subject)
  // Somebody who only used programs may sit in rooms all the same.
  const isKnown = known !== null || (await rooms.listFor(standIn)).length > 0
  const accountId = known?.id ?? standIn
  const row = guest && (await users.get(guest.userId))
  const settled = (): Settled => {
    if (!guest) return { userId: accountId, goesOver: null, isNew: false }
    if (!row)
      return isKnown
        ? { userId: accountId, goesOver: 'seats', isNew: true }
        : { userId: guest.userId, goesOver: 'self', isNew: true }
    if (row.id === accountId) return { userId: accountId, goesOver: 'self', isNew: false }
    // Of another account's guest nothing is left to give.
    return { userId: accountId, goesOver: row.mergedInto === accountId ? 'seats' : null, isNew: false }
  }
  const { userId, goesOver, isNew } = settled()
  const gone = (id: string, called: string) =>
    users.put({ id, subject: null, name: called, mergedInto: userId, createdAt: at })
  if (guest && isNew && goesOver === 'seats') await gone(guest.userId, guest.name)
  // A program that calls in this moment under the other id is not left with a seat that nobody has.
  if (isNew && goesOver === 'self') await gone(standIn, name)
  const createdAt = (await users.get(userId))?.createdAt ?? at
  await users.put({ id: userId, subject, name, mergedInto: null, createdAt })
  return { userId, goesOver, isNew }
}

function isGuestToken(token: string): boolean {
  try {
    return decodeProtectedHeader(token).alg === GUEST_ALGORITHM
  } catch {
    return false
  }
}
