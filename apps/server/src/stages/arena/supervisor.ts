// Sees to it that no session is left hanging: offers those without an engine to the others, tells an engine again of news that it
// missed, ends what nobody plays, and forgets the oldest.
import { arenaStream, arenaSubject, engineSubjects } from '@tablecast/contracts'
import type { Bus } from '@tablecast/bus'
import type { ArenaSessionRow, Store } from '@tablecast/store'
import type { EngineWatch } from './engine-watch.ts'
import type { LeaderLease } from '../../cluster/leader-lease.ts'

export type SupervisorParts = {
  bus: Bus
  store: Store
  engines: EngineWatch
  leader: LeaderLease
  keepSessions: number
  failed(error: unknown): void
}

const LOOK_MS = 1_500
/** Without an engine for so long, a game is over. */
const ABANDONED_MS = 10 * 60_000
/** Untouched for so long, whoever plays it. */
const IDLE_MS = 24 * 60 * 60_000
const PRUNE_MS = 10 * 60_000
const KEEP_EVENTS = 20_000

export class ArenaSupervisor implements AsyncDisposable {
  readonly #parts: SupervisorParts
  readonly #orphanedAt = new Map<string, number>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #looking = Promise.resolve()
  #isClosed = false
  #prunedAt = -Infinity

  constructor(parts: SupervisorParts) {
    this.#parts = parts
    this.#lookSoon(0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#looking
  }

  #lookSoon(ms: number): void {
    if (this.#isClosed) return
    this.#timer = setTimeout(() => {
      this.#looking = this.#look()
        .catch((error: unknown) => this.#parts.failed(error))
        .finally(() => this.#lookSoon(LOOK_MS))
    }, ms)
  }

  async #look(): Promise<void> {
    const { bus, store, leader } = this.#parts
    if (!leader.isHeld || !bus.isConnected) return
    const running = await store.read(({ arena }) => arena.running())
    const orphans = new Set<string>()
    for (const row of running) {
      const idle = Date.now() - Date.parse(row.updatedAt)
      if (idle > IDLE_MS) await this.#end(row)
      else if (this.#isOrphan(row, idle)) {
        orphans.add(row.id)
        await this.#offer(row)
      } else if (row.engineId !== null && row.waiting) this.#feedAgain(row)
    }
    for (const id of this.#orphanedAt.keys()) if (!orphans.has(id)) this.#orphanedAt.delete(id)
    if (performance.now() - this.#prunedAt > PRUNE_MS) {
      this.#prunedAt = performance.now()
      await this.#prune()
    }
  }

  /** A session that another kind of engine plays shows signs of life, and has no claim. */
  #isOrphan({ engineId, round, waiting }: ArenaSessionRow, idle: number): boolean {
    if (engineId !== null) return this.#parts.engines.isSilent(engineId)
    return round === 0 && !waiting && idle > LOOK_MS
  }

  /** The bus forgets: an engine that was cut off when the news went out still waits for them. It knows each by its mark. */
  #feedAgain({ id, news }: ArenaSessionRow): void {
    for (const { id: mark, content } of news)
      this.#parts.bus.publish(arenaSubject(id, 'input.fakenews'), content, { id: mark })
  }

  async #offer(row: ArenaSessionRow): Promise<void> {
    const since = this.#orphanedAt.get(row.id) ?? performance.now()
    this.#orphanedAt.set(row.id, since)
    if (performance.now() - since > ABANDONED_MS) return this.#end(row)
    this.#parts.bus.publish(engineSubjects.orphan, JSON.stringify({ session_id: row.id }))
  }

  async #end(row: ArenaSessionRow): Promise<void> {
    const { store, bus } = this.#parts
    const alive = new Set<string>()
    const events = await store.read(({ streams }) => streams.since(arenaStream(row.id), row.firstSeq, KEEP_EVENTS))
    for (const { text } of events) {
      const { subject, data } = JSON.parse(text) as { subject: string; data: { agent_id?: string } | null }
      const agent = /^agent\.([^.]+)\./.exec(subject)?.[1]
      if (agent && !subject.endsWith('.kill')) alive.add(agent)
      if (subject === 'event.death') alive.delete(data?.agent_id ?? '')
    }
    const survivors = [...alive].map((id) => ({ agent_id: id }))
    bus.publish(arenaSubject(row.id, 'event.end'), JSON.stringify({ survivors, history: [], reason: 'engine_lost' }))
  }

  async #prune(): Promise<void> {
    const { store, keepSessions } = this.#parts
    await store.write(async ({ arena, streams }) => {
      for (const id of await arena.surplus(keepSessions)) {
        await streams.remove(arenaStream(id))
        await arena.remove(id)
      }
      await streams.prune({ prefix: 'arena:', before: '', keep: KEEP_EVENTS })
    })
  }
}
