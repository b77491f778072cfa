// From the bus into the log, and from there to the spectators.
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
import { advance, beginsAnew, newSession, restarted } from './session-state.ts'
import type { LeaderLease } from '../../cluster/leader-lease.ts'

export type RelayParts = {
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

/** So many go into one transaction, and so many may wait while the database is away. */
const MAX_BATCH = 100
const MAX_WAITING = 20_000
const RETRY_MS = 500
const LOG_PAGE = 200
const LOG_BYTES = 256 * 1024

/**
 * Everything on `arena.>` that belongs to a session, but what the game masters say: they would hear themselves. Only the node that
 * stores listens, between `begin` and `rest`.
 */
export class ArenaRelay implements AsyncDisposable {
  readonly #parts: RelayParts
  #subscriptions: readonly Subscription[] = []
  /** Waiting to be stored, by session, in the order of the bus. */
  readonly #waiting = new Map<string, Incoming[]>()
  readonly #storing = new Set<Promise<void>>()
  #count = 0
  #dropped = 0
  #isClosed = false

  constructor(parts: RelayParts) {
    this.#parts = parts
  }

  /** This node stores from now on. */
  begin(): void {
    if (this.#isClosed) return
    const { bus } = this.#parts
    this.rest()
    this.#subscriptions = [
      bus.subscribe('arena.>', (message) => this.#heard(message)),
      bus.subscribe(engineSubjects.claim, (message) =>
        this.#asked(ClaimMessage, message, (claim) => this.#claim(claim)),
      ),
      bus.subscribe(engineSubjects.log, (message) => this.#asked(LogMessage, message, (asked) => this.#readLog(asked))),
    ]
  }

  /** Another node stores from now on. */
  rest(): void {
    for (const subscription of this.#subscriptions) subscription.close()
    this.#subscriptions = []
  }

  /** Messages that could not be kept since the start. */
  get dropped(): number {
    return this.#dropped
  }

  /** What waits is stored first. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.rest()
    await Promise.all(this.#storing)
  }

  #heard(message: BusMessage): void {
    const place = parseArenaSubject(message.subject)
    if (!place || place.suffix === 'input.fakenews' || !this.#parts.leader.isHeld || this.#isClosed) return
    if (this.#count >= MAX_WAITING) {
      this.#dropped += 1
      return
    }
    this.#count += 1
    const incoming = {
      subject: place.suffix,
      ...readPayload(message),
      mark: parseEventMark(message.id),
      message,
    }
    const waiting = this.#waiting.get(place.sessionId)
    if (waiting) waiting.push(incoming)
    else {
      this.#waiting.set(place.sessionId, [incoming])
      const storing = this.#drain(place.sessionId).finally(() => this.#storing.delete(storing))
      this.#storing.add(storing)
    }
  }

  /** One transaction after the other, each with all that has come meanwhile. */
  async #drain(sessionId: string): Promise<void> {
    const waiting = this.#waiting.get(sessionId) ?? []
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MAX_BATCH)
      try {
        const { events, answers, isNew } = await this.#store(sessionId, batch)
        waiting.splice(0, batch.length)
        this.#count -= batch.length
        for (const event of events) this.#parts.nodes.broadcast(event)
        if (isNew) this.#parts.live.appeared(sessionId)
        for (const [place, answer] of answers.entries())
          if (answer) batch[place]?.message.respond(JSON.stringify(answer))
      } catch (error) {
        this.#parts.failed(error)
        if (this.#isClosed) break
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
    this.#waiting.delete(sessionId)
  }

  #store(sessionId: string, batch: readonly Incoming[]) {
    const at = new Date().toISOString()
    return this.#parts.store.write(async (tables) => {
      const { row: known, isNew } = await tables.arena.open(newSession(sessionId, at))
      let row = known
      const events: StoredEvent[] = []
      const answers: (EventAnswer | null)[] = []
      for (const { subject, json, value, mark } of batch) {
        const verdict = judge(row, mark)
        answers.push(mark ? { status: verdict === 'lost' ? 'lost' : 'ok' } : null)
        if (verdict !== 'store') continue
        if (beginsAnew(row, subject)) row = await restarted(tables, row, at)
        events.push(await tables.streams.append(arenaStream(sessionId), at, () => encodeArenaEvent(subject, json, at)))
        row = advance(mark ? { ...row, engineSeq: mark.number } : row, subject, value, at)
      }
      if (events.length > 0) await tables.arena.put(row)
      return { events, answers, isNew }
    })
  }

  /** One engine has a session, until it is silent for too long. */
  async #claim({
    session_id: sessionId,
    engine_id: engineId,
    rounds,
    seed,
  }: z.infer<typeof ClaimMessage>): Promise<ClaimAnswer | null> {
    const { store, engines, leader } = this.#parts
    if (!leader.isHeld) return null
    const at = new Date().toISOString()
    const answer = await store.write(async (tables): Promise<ClaimAnswer> => {
      const options: ArenaOptions = { ...(rounds ? { rounds } : {}), ...(seed === undefined ? {} : { seed }) }
      // A new one was started on the bus by somebody who knows no REST.
      let { row } = await tables.arena.open({ ...newSession(sessionId, at), options })
      const isFree = row.engineId === null || row.engineId === engineId || engines.isSilent(row.engineId)
      if (row.status === 'ended' || !isFree) return { status: 'taken' }
      row = { ...row, engineId, updatedAt: at }
      await tables.streams.open(arenaStream(sessionId))
      await tables.arena.put(row)
      return { status: 'ok', seq: row.engineSeq, options: row.options, news: row.news }
    })
    this.#parts.live.appeared(sessionId)
    return answer
  }

  async #readLog({ session_id: sessionId, after }: z.infer<typeof LogMessage>): Promise<LogAnswer | null> {
    if (!this.#parts.leader.isHeld) return null
    const rows = await this.#parts.store.read(async ({ arena, streams }) => {
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
    // An engine's own events are short; a long one is somebody else's, and only its place counts.
    const events = page.map(({ text }) =>
      text.length > LOG_BYTES ? { subject: '', data: null, at: '' } : (JSON.parse(text) as ArenaEvent),
    )
    return { events, next: isLast ? null : (page.at(-1)?.seq ?? null) }
  }

  #asked<T>(schema: z.ZodType<T>, message: BusMessage, answer: (asked: T) => Promise<object | null>): void {
    const asked = schema.safeParse(message.json)
    if (!asked.success) return
    answer(asked.data).then(
      (found) => found && message.respond(JSON.stringify(found)),
      (error: unknown) => this.#parts.failed(error),
    )
  }
}

/** Without a mark it is somebody else's, and relayed as it is. */
function judge(row: ArenaSessionRow, mark: Incoming['mark']): 'store' | 'repeat' | 'lost' {
  if (!mark) return 'store'
  if (row.engineId !== mark.engineId) return 'lost'
  if (mark.number <= row.engineSeq) return 'repeat'
  return row.status === 'running' && mark.number === row.engineSeq + 1 ? 'store' : 'lost'
}
