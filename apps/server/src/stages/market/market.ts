// The calls of the market: its rows, its candles, its discussions.
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
import { isAlone } from '../../cluster/is-alone.ts'
import { changeAsUser, type KeyedInput, changeAsCaller } from '../../rooms/change-as-user.ts'
import { Collection } from './collection.ts'
import { CHANGES_CHANNEL, type MarketRelay } from './relay.ts'

export type MarketDeps = {
  store: Store
  channels: PubSub
  relay: MarketRelay
  /** Called when the lists changed while the channels were unreachable, so that this node reloads them itself. */
  changedHere(): void
  failed(error: unknown): void
}

/** `userId` is null for an anonymous caller. `isEditor`: may change sectors and agents, and discussions of other users. */
export type MarketCaller = { userId: string | null; name: string | null; isEditor: boolean }

const REDELIVERY_INTERVAL_MS = 5_000
const REDELIVERY_BATCH = 100
const MARK_BATCH = 1_000
const DEFAULT_CANDLES = 300

export class Market implements AsyncDisposable {
  readonly sectors: Collection<Sector>
  readonly agents: Collection<MarketAgent>
  readonly discussions: Collection<DiscussionRow>
  readonly #deps: MarketDeps
  readonly #redelivering: ReturnType<typeof setInterval>
  readonly #stopWatching: () => void
  /** Ids of messages that this node stored and published. The channels have not confirmed them yet. */
  #unmarked: string[] = []
  #marking: Promise<void> | null = null
  #waiting = 0

  constructor(deps: MarketDeps) {
    const { store, relay } = deps
    this.#deps = deps
    this.sectors = new Collection<Sector>({
      store,
      noun: 'sector',
      rows: (tables) => tables.sectors,
      check: () => Promise.resolve(),
      changed: ({ before, after }) => {
        this.#announceChange()
        if (after && before?.value !== after.value)
          this.#publishOrReport(() => relay.publishers.publishMarketUpdate({ sectorId: after.id, value: after.value }))
      },
    })
    this.agents = new Collection<MarketAgent>({
      store,
      noun: 'agent',
      rows: (tables) => tables.agents,
      check: checkSector,
      changed: ({ before, after }) => {
        this.#announceChange()
        if (!after || before?.status === after.status) return
        const sector = after.sectorId === null ? {} : { sectorId: after.sectorId }
        this.#publishOrReport(() =>
          relay.publishers.publishAgentStatus({ agentId: after.id, ...sector, status: after.status }),
        )
      },
    })
    this.discussions = new Collection<DiscussionRow>({
      store,
      noun: 'discussion',
      rows: (tables) => tables.discussions,
      check: checkSector,
      changed: () => this.#announceChange(),
    })
    this.#redelivering = setInterval(() => void this.redeliver(), REDELIVERY_INTERVAL_MS)
    this.#stopWatching = deps.channels.watch((isConnected) => {
      // Messages that this node publishes at this moment go out twice. Other nodes recognise their ids.
      if (isConnected) void this.redeliver(0)
    })
  }

  /** The number of messages that are stored and not published yet, as of the last redelivery. */
  get waiting(): number {
    return this.#waiting
  }

  /** The newest messages before `before`, oldest first, and the cursor of the next older page. Throws NOT_FOUND, BAD_REQUEST. */
  async messages(discussionId: string, page: { before: string | null; limit: number }) {
    const before = page.before === null ? undefined : Number(page.before)
    if (before !== undefined && !Number.isSafeInteger(before))
      throw new TablecastError('BAD_REQUEST', 'The cursor is not one of ours. Begin with the first page.')
    const rows = await this.#deps.store.read(async (tables) => {
      if (!(await tables.discussions.get(discussionId)))
        throw new TablecastError('NOT_FOUND', `There is no discussion ${discussionId}.`)
      return tables.messages.page(discussionId, { before, limit: page.limit + 1 })
    })
    const shown = rows.slice(0, page.limit)
    const oldest = shown.at(-1)
    return {
      messages: shown.toReversed().map(messageOf),
      nextCursor: rows.length > page.limit && oldest ? String(oldest.position) : null,
    }
  }

  /** A repeat with the same key gets the same discussion. */
  openDiscussion(
    { ownerId, ...fields }: DiscussionFields & { ownerId: string },
    keyedInput: KeyedInput,
  ): Promise<DiscussionRow> {
    return this.discussions.create(null, { ...fields, ownerId }, (tables, create) =>
      changeAsUser(tables, 'market.openDiscussion', ownerId, keyedInput, create),
    )
  }

  /**
   * Stores the message, then sends it: to this node's own clients at once, to the others over the channels, or from the log
   * while the channels are unreachable. A repeat with the same id, or with the same `key` of the same user, gets the stored
   * message. Throws NOT_FOUND, ALREADY_EXISTS.
   */
  async post(
    discussionId: string,
    message: Omit<DiscussionMessage, 'timestamp' | 'id'> & { id: string | null },
    by: { userId: string | null; key: string | null },
  ): Promise<DiscussionMessage> {
    const { store, channels } = this.#deps
    const stored: DiscussionMessage = {
      ...message,
      id: message.id ?? randomUUID(),
      timestamp: new Date().toISOString(),
    }
    const isOnlyNode = isAlone(channels)
    let isNew = false
    const answer = await store.write(async (tables) => {
      isNew = false
      return changeAsCaller(tables, 'market.post', by.userId, by.key, { discussionId, message }, async () => {
        const { discussions, messages } = tables
        if (!(await discussions.keep(discussionId)))
          throw new TablecastError('NOT_FOUND', `There is no discussion ${discussionId}.`)
        isNew = await messages.insert(discussionId, stored, isOnlyNode)
        const known = isNew ? null : await messages.get(stored.id)
        return known ? sameMessage(known, discussionId, stored) : stored
      })
    })
    if (isNew) this.#publish(discussionId, stored)
    return answer
  }

  /** Throws NOT_FOUND, VALIDATION_FAILED for a span of more than `MAX_CANDLES` intervals. */
  async candles(
    sectorId: string,
    query: { interval: CandleInterval; from?: string | undefined; to?: string | undefined },
  ): Promise<FullCandle[]> {
    const intervalMs = candleIntervals[query.interval]
    const to = query.to === undefined ? Date.now() + 1 : Date.parse(query.to)
    const from = query.from === undefined ? to - DEFAULT_CANDLES * intervalMs : Date.parse(query.from)
    const problem =
      from >= to
        ? 'from: must be before to'
        : (to - from) / intervalMs > MAX_CANDLES
          ? `from: at most ${MAX_CANDLES} intervals before to`
          : null
    if (problem) throw new TablecastError('VALIDATION_FAILED', problem)
    const span = { sectorId, from: new Date(from).toISOString(), to: new Date(to).toISOString() }
    return this.#deps.store.read(async ({ sectors, candles }) => {
      if (!(await sectors.get(sectorId))) throw new TablecastError('NOT_FOUND', `There is no sector ${sectorId}.`)
      return candles.aggregate({ ...span, intervalMs, limit: MAX_CANDLES })
    })
  }

  /**
   * Publishes stored messages that no node has published: a node died, or the channels were unreachable. `ageMs`: younger
   * messages are left alone, because their node is still publishing them.
   */
  async redeliver(ageMs: number = REDELIVERY_INTERVAL_MS): Promise<void> {
    const { store, channels, relay, failed } = this.#deps
    if (!channels.isConnected || isAlone(channels)) return
    try {
      const before = new Date(Date.now() - ageMs).toISOString()
      const rows = await store.read(({ messages }) => messages.unpublished(before, REDELIVERY_BATCH))
      this.#waiting = rows.length
      if (rows.length === 0) return
      for (const row of rows) {
        const again = { discussionId: row.discussionId, message: messageOf(row), retold: true }
        relay.publishers.publishDiscussionMessage(again)
      }
      await channels.flush()
      await store.write(({ messages }) => messages.setPublished(rows.map(({ id }) => id)))
      this.#waiting = 0
      if (rows.length === REDELIVERY_BATCH) await this.redeliver(ageMs)
    } catch (error) {
      if (!isUnreachable(error)) failed(error)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#redelivering)
    this.#stopWatching()
    await this.#marking
  }

  #publish(discussionId: string, message: DiscussionMessage): void {
    const { channels, relay, failed } = this.#deps
    const data = { discussionId, message }
    try {
      // This node's clients do not wait for Redis. The relay recognises the message that comes back by its id.
      if (!isAlone(channels)) relay.broadcast('discussion_messages', JSON.stringify(data), data)
      relay.publishers.publishDiscussionMessage(data)
    } catch (error) {
      if (isUnreachable(error)) this.#waiting += 1
      else failed(error)
      return
    }
    if (isAlone(channels)) return
    this.#unmarked.push(message.id)
    this.#marking ??= this.#mark().finally(() => (this.#marking = null))
  }

  /** One flush of the channels and one transaction for all messages that were published meanwhile. */
  async #mark(): Promise<void> {
    const { store, channels, failed } = this.#deps
    while (this.#unmarked.length > 0) {
      const ids = this.#unmarked
      this.#unmarked = []
      try {
        await channels.flush()
        for (let from = 0; from < ids.length; from += MARK_BATCH)
          await store.write(({ messages }) => messages.setPublished(ids.slice(from, from + MARK_BATCH)))
      } catch (error) {
        // Messages without the mark are published again.
        this.#waiting += ids.length
        if (!isUnreachable(error)) failed(error)
      }
    }
  }

  #announceChange(): void {
    try {
      this.#deps.channels.publish(CHANGES_CHANNEL, '{}')
    } catch (error) {
      if (!isUnreachable(error)) this.#deps.failed(error)
      this.#deps.changedHere()
    }
  }

  #publishOrReport(publish: () => void): void {
    try {
      publish()
    } catch (error) {
      if (!isUnreachable(error)) this.#deps.failed(error)
    }
  }
}

const isUnreachable = (error: unknown): boolean => error instanceof BusError && error.code === 'UNAVAILABLE'

async function checkSector({ sectors }: Repositories, { sectorId }: { sectorId: string | null }): Promise<void> {
  if (sectorId === null || (await sectors.keep(sectorId))) return
  const issues = [{ path: 'sectorId', message: `there is no sector ${sectorId}` }]
  throw new TablecastError('VALIDATION_FAILED', `There is no sector ${sectorId}. Choose another.`, { issues })
}

function sameMessage(known: MessageRow, discussionId: string, repeat: DiscussionMessage): DiscussionMessage {
  if (known.discussionId !== discussionId || known.authorId !== repeat.authorId || known.content !== repeat.content)
    throw new TablecastError('ALREADY_EXISTS', `There is another message ${known.id} already: choose another id.`)
  return messageOf(known)
}

export const messageOf = ({
  discussionId: _discussion,
  position: _position,
  ...message
}: MessageRow): DiscussionMessage => message
