// The calls of game masters and spectators: start a game, send it news, list games and read their events.
import {
  arenaStream,
  type ArenaEvent,
  type ArenaOptions,
  type ArenaSession,
  type ArenaSinceAnswer,
  arenaSubject,
  engineSubjects,
  formatPosition,
  parsePosition,
  TablecastError,
} from '@tablecast/contracts'
import { randomUUID } from 'node:crypto'
import { type Bus, BusError } from '@tablecast/bus'
import { KeyedQueue } from '@tablecast/orchestrator'
import { type ArenaSessionRow, derivedId, type Store, type Repositories } from '@tablecast/store'
import { lockUser, changeAsCaller } from '../../rooms/change-as-user.ts'
import { exactJson } from '../../transport/json-text.ts'
import type { ArenaLive } from './live.ts'
import { newGame, nextGame } from './game-state.ts'

/** `userId` is null for an anonymous caller, where the operator admits those. */
export type Caller = { userId: string | null }

const MAX_LISTED = 60
const MAX_NEWS_WAITING = 20
const PAGE_SIZE = 500

export class ArenaGames {
  readonly #bus: Bus
  readonly #store: Store
  readonly #live: ArenaLive
  readonly #maxRunning: number
  /** Runs calls with the same key one after the other. */
  readonly #calls = new KeyedQueue()

  constructor(deps: { bus: Bus; store: Store; live: ArenaLive; maxRunning: number }) {
    this.#bus = deps.bus
    this.#store = deps.store
    this.#live = deps.live
    this.#maxRunning = deps.maxRunning
  }

  /**
   * Publishes `arena.init`. The id of a finished game starts a new game. Throws SESSION_EXISTS, RATE_LIMITED, and
   * BUS_UNAVAILABLE, which undoes the start. A repeat with the same `key` changes nothing.
   */
  start(caller: Caller, call: { sessionId: string; options: ArenaOptions; key: string | null }): Promise<void> {
    // A repeat waits for the first call, so that it learns whether that one succeeded.
    return this.#calls.run(`${caller.userId} ${call.key ?? randomUUID()}`, (deadline) =>
      this.#start(caller, call, deadline),
    )
  }

  async #start(
    { userId }: Caller,
    { sessionId, options, key }: { sessionId: string; options: ArenaOptions; key: string | null },
    deadline: number,
  ): Promise<void> {
    this.#assertConnected()
    let started = null as { before: ArenaSessionRow | null } | null
    const change = async (tables: Repositories) => {
      started = null
      const begin = async (at: string) => {
        // Under this lock the count of running games stays true until the commit.
        await tables.locks.hold('arena')
        const { row, isNew } = await tables.arena.open(newGame(sessionId, at))
        if (!isNew && row.status === 'running')
          throw new TablecastError(
            'SESSION_EXISTS',
            `The session ${sessionId} is running already: choose another name.`,
          )
        const others = (await tables.arena.running()).filter(({ id }) => id !== sessionId)
        if (others.length >= this.#maxRunning)
          throw new TablecastError(
            'RATE_LIMITED',
            `At most ${this.#maxRunning} games run at a time: wait for one to end.`,
          )
        const fresh = isNew ? row : await nextGame(tables, row, at)
        await tables.streams.open(arenaStream(sessionId))
        await tables.arena.put({ ...fresh, ownerId: userId, options })
        started = { before: isNew ? null : row }
        return null
      }
      await changeAsCaller(tables, 'arena.start', userId, key, { sessionId, options }, begin)
    }
    await this.#store.write(change, { deadline })
    if (!started) return
    const { before } = started
    try {
      this.#bus.publish(engineSubjects.init, JSON.stringify({ session_id: sessionId, ...options }))
      await this.#bus.flush()
    } catch (error) {
      await this.#store.write(async (tables) => {
        if (before) await tables.arena.put(before)
        else await tables.arena.remove(sessionId)
        if (key && userId) await tables.answers.remove(userId, key)
      })
      throw unavailable(error)
    }
    this.#live.appeared(sessionId)
  }

  /**
   * Publishes the news. Throws SESSION_NOT_FOUND, SESSION_ENDED, FORBIDDEN, RATE_LIMITED, and BUS_UNAVAILABLE, which takes the
   * news back. A repeat with the same `key` changes nothing.
   */
  feed(caller: Caller, call: { sessionId: string; content: string; key: string | null }): Promise<void> {
    return this.#calls.run(`${caller.userId} ${call.key ?? randomUUID()}`, (deadline) =>
      this.#feed(caller, call, deadline),
    )
  }

  async #feed(
    { userId }: Caller,
    { sessionId, content, key }: { sessionId: string; content: string; key: string | null },
    deadline: number,
  ): Promise<void> {
    this.#assertConnected()
    const id = key && userId ? derivedId('n', userId, key) : randomUUID()
    let isFed = false
    const change = async (tables: Repositories) => {
      isFed = false
      if (userId !== null) await lockUser(tables, userId)
      const row = await tables.arena.lock(sessionId)
      if (!row) throw notFound(sessionId)
      if (userId !== null && row.ownerId !== null && row.ownerId !== userId)
        throw new TablecastError(
          'FORBIDDEN',
          'Only the game master who started this session may feed it. Start your own.',
        )
      await changeAsCaller(tables, 'arena.submitNews', userId, key, { sessionId, content }, async () => {
        if (row.status === 'ended')
          throw new TablecastError('SESSION_ENDED', `The session ${sessionId} is over. Start another.`)
        if (row.news.length >= MAX_NEWS_WAITING)
          throw new TablecastError('RATE_LIMITED', 'Too many pieces of news wait to be played: let it play some.')
        await tables.arena.put({ ...row, news: [...row.news, { id, content }] })
        isFed = true
        return null
      })
    }
    await this.#store.write(change, { deadline })
    if (!isFed) return
    try {
      this.#bus.publish(arenaSubject(sessionId, 'input.fakenews'), content, { id })
      await this.#bus.flush()
    } catch (error) {
      await this.#store.write(async (tables) => {
        const row = await tables.arena.lock(sessionId)
        if (row) await tables.arena.put({ ...row, news: row.news.filter((one) => one.id !== id) })
        if (key && userId) await tables.answers.remove(userId, key)
      })
      throw unavailable(error)
    }
  }

  async list({ userId }: Caller): Promise<ArenaSession[]> {
    const rows = await this.#store.read(({ arena }) => arena.list(MAX_LISTED))
    return rows.map((row) => shown(row, userId))
  }

  /** Throws SESSION_NOT_FOUND. */
  async get({ userId }: Caller, sessionId: string): Promise<ArenaSession> {
    const row = await this.#store.read(({ arena }) => arena.get(sessionId))
    if (!row) throw notFound(sessionId)
    return shown(row, userId)
  }

  /** One page of events after the position `cursor`, or from the beginning. Throws SESSION_NOT_FOUND. */
  since(sessionId: string, cursor: string | null): Promise<ArenaSinceAnswer> {
    return this.#store.read(async ({ arena, streams }) => {
      const row = await arena.get(sessionId)
      const stream = await streams.find(arenaStream(sessionId))
      if (!row || !stream) throw notFound(sessionId)
      const position = parsePosition(cursor)
      const isKnown = position?.epoch === stream.epoch && position.seq <= stream.head
      const after = Math.max(isKnown ? position.seq : 0, row.firstSeq)
      const events = await streams.since(arenaStream(sessionId), after, PAGE_SIZE)
      const seq = events.at(-1)?.seq ?? after
      return {
        cursor: formatPosition({ epoch: stream.epoch, seq }),
        events: events.map((event) => ({ ...(exactJson(event.text) as ArenaEvent), seq: event.seq })),
        more: events.length === PAGE_SIZE,
      }
    })
  }

  #assertConnected(): void {
    if (!this.#bus.isConnected) throw unavailable(null)
  }
}

const notFound = (id: string) => new TablecastError('SESSION_NOT_FOUND', `There is no session ${id}: start it first.`)

function unavailable(error: unknown): unknown {
  if (error !== null && !(error instanceof BusError)) return error
  return new TablecastError('BUS_UNAVAILABLE', 'The bus to the engines is down: try again when it is back.')
}

const shown = (row: ArenaSessionRow, userId: string | null): ArenaSession => ({
  id: row.id,
  status: row.status,
  round: row.round,
  phase: row.phase,
  waiting: row.waiting,
  news: row.lastNews,
  createdAt: row.createdAt,
  endedAt: row.endedAt,
  mine: row.status === 'running' && (row.ownerId === null || row.ownerId === userId),
})
