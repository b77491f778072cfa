// A ticket stands in for a token where only a URL can carry it: good for one connection, and for half a minute.
import { createHash, randomBytes } from 'node:crypto'
import { TICKET_SECONDS, TablecastError } from '@tablecast/contracts'
import type { Store } from '@tablecast/store'
import { z } from 'zod'
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

  constructor(store: Store) {
    this.#store = store
  }

  async create(identity: Identity): Promise<string> {
    const ticket = PREFIX + randomBytes(32).toString('base64url')
    await this.#store.write(({ tickets }) => tickets.put(hashOf(ticket), identity, TICKET_SECONDS * 1_000))
    return ticket
  }

  /** Throws UNAUTHORIZED for one that is unknown, used, or too old. */
  async take(ticket: string): Promise<Identity> {
    const kept = TICKET.test(ticket) ? await this.#store.write(({ tickets }) => tickets.take(hashOf(ticket))) : null
    const identity = Kept.safeParse(kept)
    if (!identity.success)
      throw new TablecastError('UNAUTHORIZED', 'the ticket is not valid (any more): each is good once, for 30 seconds')
    return identity.data
  }
}

const hashOf = (ticket: string) => createHash('sha256').update(ticket).digest('hex')
