// What one may do with the market: its rows, its candles, its discussions.
import { randomUUID } from 'node:crypto'
import { BusError, type PubSub } from '@tablecast/bus'
import {
  candleIntervals,
  type CandleInterval,
  type DiscussionFields,
  type DiscussionMessage,
  type FullCandle,
  MAX_CANDLES,
  type MarketAgent,
  type Sector,
  TablecastError,
} from '@tablecast/contracts'
import type { DiscussionRow, MessageRow, Store, Repositories } from '@tablecast/store'
import { changeAsUser, type Once, onceBy } from '../../auth/change-as-user.ts'
import { Collection } from './collection.ts'
import { CHANGES_CHANNEL, type MarketRelay } from './relay.ts'

export type MarketParts = {
  store: Store
  channels: PubSub
  relay: MarketRelay
  /** Told when the lists were changed and the other nodes could not be told. */
  changedHere(): void
  failed(error: unknown): void
}

/** Who acts. `userId`: null where everyone is let in. `isEditor`: may change sectors and agents, and others' discussions. */
export type MarketCaller = { userId: string | null; name: string | null; isEditor: boolean }

const RETELL_MS = 5_000
const RETELL_BATCH = 100
const MARK_BATCH = 1_000
const DEFAULT_CANDLES = 300

export class Market implements AsyncDisposable {
  readonly sectors: Collection<Sector>
  readonly agents: Collection<MarketAgent>
  readonly discussions: Collection<DiscussionRow>
  readonly #parts: MarketParts
  readonly #retelling: ReturnType<typeof setInterval>
  readonly #unwatch: () => void
  /** Stored here and published, and not known to have reached the channels. */
  #unmarked: string[] = []
  #marking: Promise<void> | null = null
  #waiting = 0

  constructor(parts: MarketParts) {
    const { store, relay } = parts
    this.#parts = parts
    this.sectors = new Collection<Sector>({
      store,
      noun: 'sector',
      rows: (tables) => tables.sectors,
      check: () => Promise.resolve(),
      changed: ({ before, after }) => {
        this.#tellChange()
        if (after && before?.value !== after.value)
          this.#try(() => relay.publishers.publishMarketUpdate({ sectorId: after.id, value: after.value }))
      },
    })
    this.agents = new Collection<MarketAgent>({
      store,
      noun: 'agent',
      rows: (tables) => tables.agents,
      check: checkSector,
      changed: ({ before, after }) => {
        this.#tellChange()
        if (!after || before?.status === after.status) return
        const sector = after.sectorId === null ? {} : { sectorId: after.sectorId }
        this.#try(() => relay.publishers.publishAgentStatus({ agentId: after.id, ...sector, status: after.status }))
      },
    })
    this.discussions = new Collection<DiscussionRow>({
      store,
      noun: 'discussion',
      rows: (tables) => tables.discussions,
      check: checkSector,
      changed: () => this.#tellChange(),
    })
    this.#retelling = setInterval(() => void this.retell(), RETELL_MS)
    this.#unwatch = parts.channels.watch((isConnected) => {
      // Those that this node publishes at this moment go out twice then; who has them knows them.
      if (isConnected) void this.retell(0)
    })
  }

  /** Messages that are stored and were not published yet, as of the last look. */
  get waiting(): number {
    return this.#waiting
  }

  /** Newest first, a page of them and where the next one begins. Throws NOT_FOUND, BAD_REQUEST. */
  async messages(discussionId: string, page: { before: string | null; limit: number }) {
    const before = page.before === null ? undefined : Number(page.before)
    if (before !== undefined && !Number.isSafeInteger(before))
      throw new TablecastError('BAD_REQUEST', 'cursor: not one of ours')
    const rows = await this.#parts.store.read(async (tables) => {
      if (!(await tables.discussions.get(discussionId)))
        throw new TablecastError('NOT_FOUND', `there is no discussion ${discussionId}`)
      return tables.messages.page(discussionId, { before, limit: page.limit + 1 })
    })
    const shown = rows.slice(0, page.limit)
    const oldest = shown.at(-1)
    return {
      messages: shown.toReversed().map(messageOf),
      nextCursor: rows.length > page.limit && oldest ? String(oldest.position) : null,
    }
  }

  /** Once for the owner's key. */
  openDiscussion({ ownerId, ...fields }: DiscussionFields & { ownerId: string }, once: Once): Promise<DiscussionRow> {
    return this.discussions.create(null, { ...fields, ownerId }, (tables, create) =>
      changeAsUser(tables, 'market.openDiscussion', ownerId, once, create),
    )
  }

  /**
   * Stores the message, then tells it: this node's own clients at once, the others over the channels, or from the log while those are
   * away. A repeat with the same id is answered with what is stored, one with the same `key` of the same user too.
   */
  async post(
    discussionId: string,
    message: Omit<DiscussionMessage, 'timestamp' | 'id'> & { id: string | null },
    by: { userId: string | null; key: string | null },
  ): Promise<DiscussionMessage> {
    const { store, channels } = this.#parts
    const stored: DiscussionMessage = {
      ...message,
      id: message.id ?? randomUUID(),
      timestamp: new Date().toISOString(),
    }
    const isAlone = channels.kind === 'memory'
    let isNew = false
    const answer = await store.write(async (tables) => {
      isNew = false
      return onceBy(tables, 'market.post', by.userId, by.key, { discussionId, message }, async () => {
        const { discussions, messages } = tables
        if (!(await discussions.keep(discussionId)))
          throw new TablecastError('NOT_FOUND', `there is no discussion ${discussionId}`)
        isNew = await messages.insert(discussionId, stored, isAlone)
        const known = isNew ? null : await messages.get(stored.id)
        return known ? sameMessage(known, discussionId, stored) : stored
      })
    })
    if (isNew) this.#tell(discussionId, stored)
    return answer
  }

  /** Throws NOT_FOUND, VALIDATION_FAILED for a span of more than `MAX_CANDLES` intervals. */
  async candles(
    sectorId: string,
    asked: { interval: CandleInterval; from?: string | undefined; to?: string | undefined },
  ): Promise<FullCandle[]> {
    const intervalMs = candleIntervals[asked.interval]
    const to = asked.to === undefined ? Date.now() + 1 : Date.parse(asked.to)
    const from = asked.from === undefined ? to - DEFAULT_CANDLES * intervalMs : Date.parse(asked.from)
    const problem =
      from >= to
        ? 'from: must be before to'
        : (to - from) / intervalMs > MAX_CANDLES
          ? `from: at most ${MAX_CANDLES} intervals before to`
          : null
    if (problem) throw new TablecastError('VALIDATION_FAILED', problem)
    const span = { sectorId, from: new Date(from).toISOString(), to: new Date(to).toISOString() }
    return this.#parts.store.read(async ({ sectors, candles }) => {
      if (!(await sectors.get(sectorId))) throw new TablecastError('NOT_FOUND', `there is no sector ${sectorId}`)
      return candles.aggregate({ ...span, intervalMs, limit: MAX_CANDLES })
    })
  }

  /**
   * Publishes what is stored and was not published: left by a node that died, or from while the channels were away. `ageMs`: what was
   * stored later is on its way by itself.
   */
  async retell(ageMs: number = RETELL_MS): Promise<void> {
    const { store, channels, relay, failed } = this.#parts
    if (!channels.isConnected || channels.kind === 'memory') return
    try {
      const before = new Date(Date.now() - ageMs).toISOString()
      const rows = await store.read(({ messages }) => messages.untold(before, RETELL_BATCH))
      this.#waiting = rows.length
      if (rows.length === 0) return
      for (const row of rows) {
        const again = { discussionId: row.discussionId, message: messageOf(row), retold: true }
        relay.publishers.publishDiscussionMessage(again)
      }
      await channels.flush()
      await store.write(({ messages }) => messages.setTold(rows.map(({ id }) => id)))
      this.#waiting = 0
      if (rows.length === RETELL_BATCH) await this.retell(ageMs)
    } catch (error) {
      if (!isAway(error)) failed(error)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#retelling)
    this.#unwatch()
    await this.#marking
  }

  #tell(discussionId: string, message: DiscussionMessage): void {
    const { channels, relay, failed } = this.#parts
    const told = { discussionId, message }
    try {
      // Nobody here waits for Redis. What comes back from there is known by its id.
      if (channels.kind !== 'memory') relay.broadcast('discussion_messages', JSON.stringify(told), told)
      relay.publishers.publishDiscussionMessage(told)
    } catch (error) {
      if (isAway(error)) this.#waiting += 1
      else failed(error)
      return
    }
    if (channels.kind === 'memory') return
    this.#unmarked.push(message.id)
    this.#marking ??= this.#mark().finally(() => (this.#marking = null))
  }

  /** One answer of the channels, and one transaction, for all that was published meanwhile. */
  async #mark(): Promise<void> {
    const { store, channels, failed } = this.#parts
    while (this.#unmarked.length > 0) {
      const ids = this.#unmarked
      this.#unmarked = []
      try {
        await channels.flush()
        for (let from = 0; from < ids.length; from += MARK_BATCH)
          await store.write(({ messages }) => messages.setTold(ids.slice(from, from + MARK_BATCH)))
      } catch (error) {
        // Left unmarked they are published again.
        this.#waiting += ids.length
        if (!isAway(error)) failed(error)
      }
    }
  }

  #tellChange(): void {
    try {
      this.#parts.channels.publish(CHANGES_CHANNEL, '{}')
    } catch (error) {
      if (!isAway(error)) this.#parts.failed(error)
      this.#parts.changedHere()
    }
  }

  #try(publish: () => void): void {
    try {
      publish()
    } catch (error) {
      if (!isAway(error)) this.#parts.failed(error)
    }
  }
}

const isAway = (error: unknown): boolean => error instanceof BusError && error.code === 'UNAVAILABLE'

async function checkSector({ sectors }: Repositories, { sectorId }: { sectorId: string | null }): Promise<void> {
  if (sectorId === null || (await sectors.keep(sectorId))) return
  const issues = [{ path: 'sectorId', message: `there is no sector ${sectorId}` }]
  throw new TablecastError('VALIDATION_FAILED', `sectorId: there is no sector ${sectorId}`, { issues })
}

function sameMessage(known: MessageRow, discussionId: string, asked: DiscussionMessage): DiscussionMessage {
  if (known.discussionId !== discussionId || known.authorId !== asked.authorId || known.content !== asked.content)
    throw new TablecastError('ALREADY_EXISTS', `there is another message ${known.id} already: choose another id`)
  return messageOf(known)
}

export const messageOf = ({
  discussionId: _discussion,
  position: _position,
  ...message
}: MessageRow): DiscussionMessage => message
