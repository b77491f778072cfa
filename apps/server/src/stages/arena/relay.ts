// Stores the messages of games from the bus in their streams, and publishes them to the spectators.
import {
  arenaStream,
  type ArenaEvent,
  type ArenaOptions,
  type ClaimAnswer,
  ClaimMessage,
  engineSubjects,
  type EventAnswer,
  type LogAnswer,
  LogMessage,
  parseArenaSubject,
  parseEventMark,
} from '@tablecast/contracts'
import type { Bus, BusMessage, Subscription } from '@tablecast/bus'
import type { ArenaSessionRow, Store, StoredEvent } from '@tablecast/store'
import type { z } from 'zod'
import type { NodeEvents } from '../../cluster/node-events.ts'
import { encodeArenaEvent, readPayload } from './arena-event.ts'
import type { EngineWatch } from './engine-watch.ts'
import type { ArenaLive } from './live.ts'
import { advance, newGame, nextGame, startsNewGame } from './game-state.ts'
import type { LeaderLease } from '../../cluster/leader-lease.ts'

export type ArenaRelayDeps = {
  bus: Bus
  store: Store
  nodes: NodeEvents
  live: ArenaLive
  engines: EngineWatch
  leader: LeaderLease
  failed(error: unknown): void
}

type Incoming = {
  subject: string
  json: string
  value: unknown
  mark: ReturnType<typeof parseEventMark>
  message: BusMessage
}

/** Messages in one transaction. */
const MAX_BATCH = 100
/** Messages that wait in memory while the database is unreachable. Further ones are dropped and counted. */
const MAX_WAITING = 20_000
const RETRY_DELAY_MS = 500
const LOG_PAGE = 200
const LOG_BYTES = 256 * 1024

/**
 * Relays every message on `arena.>` that belongs to a game, except the news of game masters, which spectators see in
 * `round.start`. Only the node with the leader lease listens, between `start` and `stop`.
 */
export class ArenaRelay implements AsyncDisposable {
  readonly #deps: ArenaRelayDeps
  #subscriptions: readonly Subscription[] = []
  /** Messages to store, by session id, in the order of the bus. */
  readonly #waiting = new Map<string, Incoming[]>()
  readonly #storing = new Set<Promise<void>>()
  #count = 0
  #dropped = 0
  #isClosed = false

  constructor(deps: ArenaRelayDeps) {
    this.#deps = deps
  }

  /** To be called when this node gets the lease. */
  start(): void {
    if (this.#isClosed) return
    const { bus } = this.#deps
    this.stop()
    this.#subscriptions = [
      bus.subscribe('arena.>', (message) => this.#receive(message)),
      bus.subscribe(engineSubjects.claim, (message) =>
        this.#answer(ClaimMessage, message, (claim) => this.#claim(claim)),
      ),
      bus.subscribe(engineSubjects.log, (message) =>
        this.#answer(LogMessage, message, (request) => this.#readLog(request)),
      ),
    ]
  }

  /** To be called when this node loses the lease. Messages that already wait are still stored. */
  stop(): void {
    for (const subscription of this.#subscriptions) subscription.close()
    this.#subscriptions = []
  }

  /** Messages dropped since the start because `MAX_WAITING` others waited. */
  get dropped(): number {
    return this.#dropped
  }

  /** Stores the waiting messages first. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.stop()
    await Promise.all(this.#storing)
  }

  #receive(message: BusMessage): void {
    const parsed = parseArenaSubject(message.subject)
    if (!parsed || parsed.suffix === 'input.fakenews' || !this.#deps.leader.isHeld || this.#isClosed) return
    if (this.#count >= MAX_WAITING) {
      this.#dropped += 1
      return
    }
    this.#count += 1
    const incoming = {
      subject: parsed.suffix,
      ...readPayload(message),
      mark: parseEventMark(message.id),
      message,
    }
    const waiting = this.#waiting.get(parsed.sessionId)
    if (waiting) waiting.push(incoming)
    else {
      this.#waiting.set(parsed.sessionId, [incoming])
      const storing = this.#drain(parsed.sessionId).finally(() => this.#storing.delete(storing))
      this.#storing.add(storing)
    }
  }

  /** Stores the messages of one game, one transaction after the other. Messages that come meanwhile go into the next one. */
  async #drain(sessionId: string): Promise<void> {
    const waiting = this.#waiting.get(sessionId) ?? []
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MAX_BATCH)
      try {
        const { events, answers, isNew } = await this.#store(sessionId, batch)
        waiting.splice(0, batch.length)
        this.#count -= batch.length
        for (const event of events) this.#deps.nodes.broadcast(event)
        if (isNew) this.#deps.live.appeared(sessionId)
        for (const [index, answer] of answers.entries())
          if (answer) batch[index]?.message.respond(JSON.stringify(answer))
      } catch (error) {
        this.#deps.failed(error)
        if (this.#isClosed) break
        await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS))
      }
    }
    this.#waiting.delete(sessionId)
  }

  #store(sessionId: string, batch: readonly Incoming[]) {
    const at = new Date().toISOString()
    return this.#deps.store.write(async (tables) => {
      const { row: known, isNew } = await tables.arena.open(newGame(sessionId, at))
      let row = known
      const events: StoredEvent[] = []
      const answers: (EventAnswer | null)[] = []
      for (const { subject, json, value, mark } of batch) {
        const verdict = judge(row, mark)
        answers.push(mark ? { status: verdict === 'lost' ? 'lost' : 'ok' } : null)
        if (verdict !== 'store') continue
        if (startsNewGame(row, subject)) row = await nextGame(tables, row, at)
        events.push(await tables.streams.append(arenaStream(sessionId), at, () => encodeArenaEvent(subject, json, at)))
        row = advance(mark ? { ...row, engineSeq: mark.number } : row, subject, value, at)
      }
      if (events.length > 0) await tables.arena.put(row)
      return { events, answers, isNew }
    })
  }

  /** A game belongs to one engine, until that engine is silent for too long. Null where another node must answer. */
  async #claim({
    session_id: sessionId,
    engine_id: engineId,
    rounds,
    seed,
  }: z.infer<typeof ClaimMessage>): Promise<ClaimAnswer | null> {
    const { store, engines, leader } = this.#deps
    if (!leader.isHeld) return null
    const at = new Date().toISOString()
    const answer = await store.write(async (tables): Promise<ClaimAnswer> => {
      const options: ArenaOptions = { ...(rounds ? { rounds } : {}), ...(seed === undefined ? {} : { seed }) }
      // A game without a row was started on the bus, by a program that does not use the REST endpoints.
      let { row } = await tables.arena.open({ ...newGame(sessionId, at), options })
      const isFree = row.engineId === null || row.engineId === engineId || engines.isSilent(row.engineId)
      if (row.status === 'ended' || !isFree) return { status: 'taken' }
      row = { ...row, engineId, updatedAt: at }
      await tables.streams.open(arenaStream(sessionId))
      await tables.arena.put(row)
      return { status: 'ok', seq: row.engineSeq, options: row.options, news: row.news }
    })
    this.#deps.live.appeared(sessionId)
    return answer
  }

  async #readLog({ session_id: sessionId, after }: z.infer<typeof LogMessage>): Promise<LogAnswer | null> {
    if (!this.#deps.leader.isHeld) return null
    const rows = await this.#deps.store.read(async ({ arena, streams }) => {
      const row = await arena.get(sessionId)
      return row ? streams.since(arenaStream(sessionId), Math.max(after, row.firstSeq), LOG_PAGE) : []
    })
    const page: StoredEvent[] = []
    let bytes = 0
    for (const row of rows) {
      bytes += row.text.length
      if (page.length > 0 && bytes > LOG_BYTES) break
      page.push(row)
    }
    const isLast = rows.length < LOG_PAGE && page.length === rows.length
    // An engine's own events are short. A long one came from another program, and the engine needs only its position.
    const events = page.map(({ text }) =>
      text.length > LOG_BYTES ? { subject: '', data: null, at: '' } : (JSON.parse(text) as ArenaEvent),
    )
    return { events, next: isLast ? null : (page.at(-1)?.seq ?? null) }
  }

  #answer<T>(schema: z.ZodType<T>, message: BusMessage, answer: (request: T) => Promise<object | null>): void {
    const request = schema.safeParse(message.json)
    if (!request.success) return
    answer(request.data).then(
      (found) => found && message.respond(JSON.stringify(found)),
      (error: unknown) => this.#deps.failed(error),
    )
  }
}

/** A message without a mark did not come from one of our engines, and is always stored. */
function judge(row: ArenaSessionRow, mark: Incoming['mark']): 'store' | 'repeat' | 'lost' {
  if (!mark) return 'store'
  if (row.engineId !== mark.engineId) return 'lost'
  if (mark.number <= row.engineSeq) return 'repeat'
  return row.status === 'running' && mark.number === row.engineSeq + 1 ? 'store' : 'lost'
}
