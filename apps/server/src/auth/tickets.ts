// A ticket replaces a token where only a URL can carry it. It opens one connection, within `TICKET_SECONDS`.
import { createHash, randomBytes } from 'node:crypto'
import { TICKET_SECONDS, TablecastError } from '@tablecast/contracts'
import type { Store, Repositories } from '@tablecast/store'
import { z } from 'zod'
import type { Auth } from './auth.ts'
import type { Identity } from '../transport/identity.ts'

const PREFIX = 'tkt_'
const TICKET = /^tkt_[A-Za-z0-9_-]{43}$/
const StoredIdentity = z.object({
  userId: z.string(),
  name: z.string(),
  kind: z.enum(['guest', 'account']),
  expiresAt: z.number(),
})

export class Tickets {
  readonly #store: Store
  readonly #auth: Pick<Auth, 'isStillValid'>

  constructor(store: Store, auth: Pick<Auth, 'isStillValid'>) {
    this.#store = store
    this.#auth = auth
  }

  async create(identity: Identity): Promise<string> {
    const ticket = PREFIX + randomBytes(32).toString('base64url')
    await this.#store.write(({ tickets }) => tickets.put(hashOf(ticket), identity, TICKET_SECONDS * 1_000))
    return ticket
  }

  /** Uses the ticket up. Throws UNAUTHORIZED for a ticket that is unknown, used or too old, or whose user is no longer valid. */
  async take(ticket: string): Promise<Identity> {
    const checkedAt = performance.now()
    const identity = TICKET.test(ticket) ? await this.#store.write((tables) => this.#redeem(tables, ticket)) : null
    if (!identity)
      throw new TablecastError('UNAUTHORIZED', 'The ticket is not valid any more: each is good once, for 30 seconds.')
    return { ...identity, checkedAt }
  }

  async #redeem(tables: Repositories, ticket: string): Promise<z.infer<typeof StoredIdentity> | null> {
    const { data } = StoredIdentity.safeParse(await tables.tickets.take(hashOf(ticket)))
    return data && (await this.#auth.isStillValid(tables, data)) ? data : null
  }
}

const hashOf = (ticket: string) => createHash('sha256').update(ticket).digest('hex')
