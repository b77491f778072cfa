// Turns tokens into identities: a guest with a token that this server signed, or an account of the configured provider.
import { type Me, type Renamed, type Session, TablecastError } from '@tablecast/contracts'
import { Batched, type Repositories, type Store, type UserRow } from '@tablecast/store'
import { decodeProtectedHeader } from 'jose'
import type { Audit } from '../rooms/audit.ts'
import { lockUser } from '../rooms/change-as-user.ts'
import type { Auth0Tokens } from './auth0.ts'
import { GUEST_ALGORITHM, type GuestIdentity, type GuestTokens } from './guest.ts'
import type { Identity } from '../transport/identity.ts'

export type AuthDeps = {
  store: Store
  guests: GuestTokens
  /** Whether guests may sign in. If not, a guest token is only accepted by `signInAccount`, to turn the guest into an account. */
  admitsGuests: boolean
  accounts: Auth0Tokens | null
  audit: Audit
  /** Closes all connections of a guest who now has an account. */
  endConnections(userId: string): void
}

type Person = { userId: string; name: string }

export class Auth {
  readonly #deps: AuthDeps
  readonly #merged = new Set<(guest: Person, user: Person) => Promise<void>>()

  readonly #users: Batched<string, UserRow>

  constructor(deps: AuthDeps) {
    this.#deps = deps
    this.#users = new Batched({
      run: (work) => deps.store.read(work),
      idOf: (userId) => userId,
      answer: async ({ users }, ids) => new Map((await users.getAll(ids)).map((row) => [row.id, row])),
    })
  }

  /**
   * Calls back when a guest signs in with an account that already has a user: everything of the guest now belongs to that user.
   * If the callback rejects, the sign-in fails, and the client's next sign-in calls it again.
   */
  onMerged(listener: (guest: Person, user: Person) => Promise<void>): void {
    this.#merged.add(listener)
  }

  /** Throws FORBIDDEN if the server admits no guests. */
  async signInGuest(name: string): Promise<Session> {
    const { admitsGuests, guests, audit } = this.#deps
    if (!admitsGuests) throw new TablecastError('FORBIDDEN', 'Guests are not let in here: sign in with an account.')
    const session = await guests.create(name)
    await audit.write({ roomId: null, kind: 'signed_in', by: session, detail: {} })
    return session
  }

  /** Stores the account's new name, or gives the guest a token with it. The rooms of the person are `renameInRooms`'. */
  async rename({ userId, kind, expiresAt }: Identity, name: string): Promise<Renamed> {
    const { guests, store } = this.#deps
    await store.write(async (tables) => {
      await lockUser(tables, userId)
      const user = await tables.users.get(userId)
      if (user) await tables.users.put({ ...user, name })
    })
    if (kind === 'guest') return guests.issue(userId, name)
    return { userId, name, token: null, expiresAt: new Date(expiresAt).toISOString() }
  }

  /** Null for anything that isn't a valid token. Throws UNAVAILABLE if the provider's keys can't be fetched. */
  async verify(token: string): Promise<Identity | null> {
    return isGuestToken(token) ? this.#verifyGuest(token) : this.#verifyAccount(token)
  }

  /** As `verify`; throws UNAUTHORIZED for anything that isn't a valid token. */
  async identify(token: string): Promise<Identity> {
    const identity = await this.verify(token)
    if (!identity) throw new TablecastError('UNAUTHORIZED', 'The token is not valid any more: sign in again.')
    return identity
  }

  /**
   * Signs a browser in with the token of an account. `guestToken`: the guest of this browser until now. The guest becomes the
   * account's user, or, if the account already has a user, that user gets the guest's memberships. A repeat is safe.
   * Throws UNAUTHORIZED for a guest's token.
   */
  async signInAccount(
    token: string,
    { name, guestToken }: { name: string; guestToken?: string | null | undefined },
  ): Promise<Me> {
    const { accounts, guests, store, audit, endConnections } = this.#deps
    const claims = isGuestToken(token) ? null : await accounts?.read(token)
    if (!claims) throw new TablecastError('UNAUTHORIZED', 'Sign in with an account first.')
    const guest = guestToken ? await guests.read(guestToken) : null
    const settled = await store.write((tables) => settle(tables, claims.subject, guest, name))
    const { userId, guestOutcome, isNew } = settled
    const user = { userId, name: settled.name }
    // `settle` has committed, so the guest can change nothing more and everything of theirs moves. A repeat resumes an
    // interrupted move.
    if (guest && guestOutcome === 'mergesInto') for (const merged of this.#merged) await merged(guest, user)
    if (guest && guestOutcome) endConnections(guest.userId)
    if (guest && guestOutcome && isNew)
      await audit.write({ roomId: null, kind: 'upgraded', by: user, detail: { name: guest.name } })
    await audit.writeOncePerWindow({ roomId: null, kind: 'signed_in', by: user, detail: {} })
    return { ...user, kind: 'account', expiresAt: new Date(claims.expiresAt).toISOString() }
  }

  /**
   * Whether an identity that was verified earlier is still valid: a guest may have got an account, or the server may admit no
   * guests now.
   */
  async isStillValid({ users }: Repositories, { userId, kind }: Pick<Identity, 'userId' | 'kind'>): Promise<boolean> {
    const row = await users.get(userId)
    return kind === 'guest' ? this.#isValidGuest(row) : this.#deps.accounts !== null && !row?.mergedInto
  }

  #isValidGuest(row: UserRow | null): boolean {
    return this.#deps.admitsGuests && row === null
  }

  /** A guest token stops working once the guest has an account. */
  async #verifyGuest(token: string): Promise<Identity | null> {
    const checkedAt = performance.now()
    const identity = await this.#deps.guests.read(token)
    const isValid = identity && this.#isValidGuest(await this.#users.get(identity.userId))
    if (!isValid) return null
    const { userId, name, expiresAt } = identity
    // Not spread: an object that grows takes more memory, and each connection keeps one.
    return { userId, name, kind: 'guest', expiresAt, checkedAt }
  }

  async #verifyAccount(token: string): Promise<Identity | null> {
    const checkedAt = performance.now()
    const claims = await this.#deps.accounts?.read(token)
    if (!claims) return null
    const { subject, expiresAt } = claims
    const row = await this.#deps.store.read(({ users }) => users.findBySubject(subject))
    const name = row?.name ?? claims.name ?? 'Someone'
    return { userId: row?.id ?? provisionalIdOf(subject), name, kind: 'account', expiresAt, checkedAt }
  }
}

/**
 * The user id of an account before `signInAccount`, which programs never call. Derived from the subject, so that it is always
 * the same.
 */
const provisionalIdOf = (subject: string): string =>
  `user-${Buffer.from(subject, 'hex').toString('base64url').slice(0, 27)}`

/**
 * `guestOutcome`: the guest `becomes` the account's user or `mergesInto` that user; null without a guest. `isNew`: not a repeat.
 */
type Outcome = { userId: string; guestOutcome: 'becomes' | 'mergesInto' | null; isNew: boolean }
/** `name`: the stored one, which the person may have chosen here, or else the provider's. */
type Settled = Outcome & { name: string }

/**
 * Decides which user an account and a guest are from now on, and stores it. It holds locks on both. So two accounts never get the
 * same guest, two tabs of an account agree, and no change by the guest commits later.
 */
async function settle(
  { locks, users, rooms }: Repositories,
  subject: string,
  guest: GuestIdentity | null,
  givenName: string,
): Promise<Settled> {
  const provisionalId = provisionalIdOf(subject)
  await locks.hold(`account:${subject}`)
  for (const id of [provisionalId, ...(guest ? [guest.userId] : [])]) await locks.hold(`user:${id}`)
  const at = new Date().toISOString()
  const known = await users.findBySubject(subject)
  const name = known?.name ?? givenName
  // An account that only programs used has no row, but can be a member of rooms.
  const isKnown = known !== null || (await rooms.listFor(provisionalId)).length > 0
  const accountId = known?.id ?? provisionalId
  const row = guest && (await users.get(guest.userId))
  const settled = (): Outcome => {
    if (!guest) return { userId: accountId, guestOutcome: null, isNew: false }
    if (!row)
      return isKnown
        ? { userId: accountId, guestOutcome: 'mergesInto', isNew: true }
        : { userId: guest.userId, guestOutcome: 'becomes', isNew: true }
    if (row.id === accountId) return { userId: accountId, guestOutcome: 'becomes', isNew: false }
    // A guest that another account already took over has nothing left to merge.
    return { userId: accountId, guestOutcome: row.mergedInto === accountId ? 'mergesInto' : null, isNew: false }
  }
  const { userId, guestOutcome, isNew } = settled()
  const markMerged = (id: string, guestName: string) =>
    users.put({ id, subject: null, name: guestName, mergedInto: userId, createdAt: at })
  if (guest && isNew && guestOutcome === 'mergesInto') await markMerged(guest.userId, guest.name)
  // A program that calls at this moment under the provisional id must not create a membership that nobody can use.
  if (isNew && guestOutcome === 'becomes') await markMerged(provisionalId, name)
  const createdAt = (await users.get(userId))?.createdAt ?? at
  await users.put({ id: userId, subject, name, mergedInto: null, createdAt })
  return { userId, guestOutcome, isNew, name }
}

function isGuestToken(token: string): boolean {
  try {
    return decodeProtectedHeader(token).alg === GUEST_ALGORITHM
  } catch {
    return false
  }
}
