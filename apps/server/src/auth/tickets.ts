// A ticket stands in for a token where only a URL can carry it: good for one connection, and for half a minute.
import { createHash, randomBytes } from 'node:crypto'
import { TICKET_SECONDS, TablecastError } from '@tablecast/contracts'
import type { Store, Repositories } from '@tablecast/store'
import { z } from 'zod'
import type { Auth } from './auth.ts'
import type { Identity } from './identity.ts'

const PREFIX = 'tkt_'
const TICKET = /^tkt_[A-Za-z0-9_-]{43}$/
const Kept = z.object({
  userId: z.string(),
  name: z.string(),
  kind: z.enum(['guest', 'account']),
  expiresAt: z.number(),
})

export class Tickets {
  readonly #store: Store
  readonly #auth: Pick<Auth, 'isStillGood'>

  constructor(store: Store, auth: Pick<Auth, 'isStillGood'>) {
    this.#store = store
    this.#auth = auth
  }

  async create(identity: Identity): Promise<string> {
    const ticket = PREFIX + randomBytes(32).toString('base64url')
    await this.#store.write(({ tickets }) => tickets.put(hashOf(ticket), identity, TICKET_SECONDS * 1_000))
    return ticket
  }

  /** Throws UNAUTHORIZED for a ticket that is unknown, used or too old, and for one whose user is let in no more. */
  async take(ticket: string): Promise<Identity> {
    const checkedAt = performance.now()
    const kept = TICKET.test(ticket) ? await this.#store.write((tables) => this.#taken(tables, ticket)) : null
    if (!kept)
      throw new TablecastError('UNAUTHORIZED', 'the ticket is not valid (any more): each is good once, for 30 seconds')
    return { ...kept, checkedAt }
  }

  async #taken(tables: Repositories, ticket: string): Promise<z.infer<typeof Kept> | null> {
    const { data } = Kept.safeParse(await tables.tickets.take(hashOf(ticket)))
    return data && (await this.#auth.isStillGood(tables, data)) ? data : null
  }
}

const hashOf = (ticket: string) => createHash('sha256').update(ticket).digest('hex')
