// Writes the messages of the channels into the database, so that lists, charts and a restarted server show the same as live
// clients. Values change many times a second. The newest of each is written every two seconds, in one transaction.
import { isGiven, type MarketMessage, type NewDiscussionMessage } from '@tablecast/contracts'
import type { CandleRow, Store, Repositories } from '@tablecast/store'
import type { LeaderLease } from '../../cluster/leader-lease.ts'

const RECORD_INTERVAL_MS = 2_000
const TIDY_INTERVAL_MS = 3_600_000
/** The newest entries of each kind wait while the database is unreachable. Older ones are dropped. */
const MAX_WAITING = 10_000
/** Ids in one query. */
const QUERY_BATCH = 1_000
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** Older candles are merged into one per hour. */
const FINE_DAYS = 7
const THIN_DAYS = 30

export type RecorderDeps = {
  store: Store
  /** All nodes get the same messages, and the leader writes them. */
  leader: Pick<LeaderLease, 'isHeld'>
  keepMessages: number
  keepDays: number
  failed(error: unknown): void
}

type Waiting = {
  values: Map<string, number>
  candles: Map<string, CandleRow>
  statuses: Map<string, string>
  messages: Map<string, NewDiscussionMessage>
}

const nothing = (): Waiting => ({ values: new Map(), candles: new Map(), statuses: new Map(), messages: new Map() })

export class Recorder implements AsyncDisposable {
  readonly #deps: RecorderDeps
  readonly #timers: readonly ReturnType<typeof setInterval>[]
  #waiting = nothing()
  /**
   * Discussion messages of the last round. The leader may have lost its connection to the channels, while this node kept its
   * own.
   */
  #unconfirmed = new Map<string, NewDiscussionMessage>()
  #writing: Promise<void> = Promise.resolve()

  constructor(deps: RecorderDeps) {
    this.#deps = deps
    this.#timers = [
      setInterval(() => void this.record(), RECORD_INTERVAL_MS),
      setInterval(() => void this.tidy(), TIDY_INTERVAL_MS),
    ]
  }

  take({ type, data }: MarketMessage): void {
    const { values, candles, statuses, messages } = this.#waiting
    switch (type) {
      case 'market:update':
        if (isGiven(data.sectorId) && isGiven(data.value)) values.set(data.sectorId, data.value)
        break
      case 'sector:candle_update': {
        const candle = candleRow(data)
        values.set(data.sectorId, candle.value)
        keep(candles, `${candle.sectorId} ${candle.timestamp}`, candle)
        break
      }
      case 'agent:status_update':
        statuses.set(data.agentId, data.status)
        break
      case 'discussion:new_message':
        keep(messages, data.message.id, data)
        break
    }
  }

  /** Writes the waiting entries. */
  record(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#record())
    return this.#writing
  }

  /** Merges old candles, and deletes candles and messages past their retention. */
  async tidy(now: number = Date.now()): Promise<void> {
    const { store, leader, keepMessages, keepDays, failed } = this.#deps
    if (!leader.isHeld) return
    const hour = (at: number) => new Date(Math.floor(at / HOUR_MS) * HOUR_MS).toISOString()
    const span = { from: hour(now - (FINE_DAYS + THIN_DAYS) * DAY_MS), to: hour(now - FINE_DAYS * DAY_MS) }
    try {
      const ids = await store.read(async ({ sectors }) => (await sectors.list({ limit: 1_000 })).map(({ id }) => id))
      for (const sectorId of ids)
        await store.write(({ candles }) => candles.thin({ sectorId, ...span, intervalMs: HOUR_MS }))
      await store.write(({ candles }) => candles.prune(hour(now - keepDays * DAY_MS)))
      await store.write(({ messages }) => messages.trim(keepMessages))
    } catch (error) {
      failed(error)
    }
  }

  /** Writes the waiting entries first. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    await this.record()
    if (this.#unconfirmed.size > 0) await this.record()
  }

  async #record(): Promise<void> {
    const { store, leader, failed } = this.#deps
    const waiting = this.#due(leader.isHeld)
    if (Object.values(waiting).every((all) => all.size === 0)) return
    try {
      const messages = await store.read((tables) => unknownOf(tables, waiting.messages))
      const due = { ...waiting, messages }
      if (Object.values(due).some((all) => all.size > 0)) await store.write((tables) => write(tables, due))
    } catch (error) {
      failed(error)
      this.#putBack(waiting)
    }
  }

  /** The entries to write now. A node without the lease writes only messages, one round later, in case the leader missed them. */
  #due(isLeader: boolean): Waiting {
    const received = this.#waiting
    const unconfirmed = this.#unconfirmed
    this.#waiting = nothing()
    this.#unconfirmed = isLeader ? new Map() : received.messages
    return isLeader
      ? { ...received, messages: new Map([...unconfirmed, ...received.messages]) }
      : { ...nothing(), messages: unconfirmed }
  }

  /** Entries that came meanwhile are newer and win. */
  #putBack({ values, candles, statuses, messages }: Waiting): void {
    const newer = this.#waiting
    this.#waiting = {
      values: new Map([...values, ...newer.values]),
      candles: newest(new Map([...candles, ...newer.candles])),
      statuses: new Map([...statuses, ...newer.statuses]),
      messages: newest(new Map([...messages, ...newer.messages])),
    }
  }
}

/** Skips entries about sectors, agents and discussions that the database does not have. Live clients got those all the same. */
async function write(tables: Repositories, { values, candles, statuses, messages }: Waiting): Promise<void> {
  const at = new Date().toISOString()
  const isSector = new Map<string, boolean>()
  for (const [id, value] of values) isSector.set(id, await tables.sectors.setValue(id, value, at))
  await tables.candles.put([...candles.values()].filter(({ sectorId }) => isSector.get(sectorId)))
  for (const [id, status] of statuses) await tables.agents.setStatus(id, status, at)
  const isDiscussion = new Map<string, boolean>()
  for (const { discussionId, message } of messages.values()) {
    const isKnown = isDiscussion.get(discussionId) ?? (await tables.discussions.get(discussionId)) !== null
    isDiscussion.set(discussionId, isKnown)
    if (!isKnown) continue
    const { id, content, authorId, authorName, timestamp, type } = message
    const stored = {
      id,
      content,
      authorId,
      authorName: authorName ?? authorId,
      type: type ?? 'text',
      timestamp: new Date(timestamp).toISOString(),
    }
    await tables.messages.insert(discussionId, stored, true)
  }
}

/**
 * The messages that are not stored yet. Their publisher has stored most of them, and a failed insert leaves a gap in the
 * positions.
 */
async function unknownOf({ messages }: Repositories, received: Waiting['messages']): Promise<Waiting['messages']> {
  const unknown = new Map(received)
  const ids = [...received.keys()]
  for (let from = 0; from < ids.length; from += QUERY_BATCH)
    for (const id of await messages.known(ids.slice(from, from + QUERY_BATCH))) unknown.delete(id)
  return unknown
}

function candleRow({ sectorId, candle }: Extract<MarketMessage, { type: 'sector:candle_update' }>['data']): CandleRow {
  const { timestamp, value } = candle
  const [open, close] = [candle.open ?? value, candle.close ?? value]
  const high = candle.high ?? Math.max(open, close, value)
  const low = candle.low ?? Math.min(open, close, value)
  // A message may have only one of the two, on the wrong side of the other values.
  const [top, bottom] = [Math.max(high, low), Math.min(high, low)]
  return { sectorId, timestamp: new Date(timestamp).toISOString(), value, open, high: top, low: bottom, close }
}

function keep<V>(map: Map<string, V>, key: string, value: V): void {
  map.set(key, value)
  if (map.size > MAX_WAITING) for (const oldest of map.keys().take(1)) map.delete(oldest)
}

const newest = <V>(map: Map<string, V>): Map<string, V> => new Map([...map].slice(-MAX_WAITING))
