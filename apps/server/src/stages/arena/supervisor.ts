// Keeps games from hanging. It offers games without an engine to the other engines, sends news again that an engine may have
// missed, ends games that no engine plays, and deletes the oldest.
import { arenaStream, arenaSubject, engineSubjects } from '@tablecast/contracts'
import type { Bus } from '@tablecast/bus'
import type { ArenaSessionRow, Store } from '@tablecast/store'
import type { EngineWatch } from './engine-watch.ts'
import type { LeaderLease } from '../../cluster/leader-lease.ts'

export type ArenaSupervisorDeps = {
  bus: Bus
  store: Store
  engines: EngineWatch
  leader: LeaderLease
  keepGames: number
  failed(error: unknown): void
}

const CHECK_INTERVAL_MS = 1_500
/** A game that has no engine for this time ends. */
const ENGINE_TIMEOUT_MS = 10 * 60_000
/** A game without a message for this time ends, even if an engine has it. */
const IDLE_TIMEOUT_MS = 24 * 60 * 60_000
const PRUNE_INTERVAL_MS = 10 * 60_000
const KEEP_EVENTS = 20_000

export class ArenaSupervisor implements AsyncDisposable {
  readonly #deps: ArenaSupervisorDeps
  readonly #orphanedAt = new Map<string, number>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #checking = Promise.resolve()
  #isClosed = false
  #prunedAt = -Infinity

  constructor(deps: ArenaSupervisorDeps) {
    this.#deps = deps
    this.#schedule(0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#checking
  }

  #schedule(ms: number): void {
    if (this.#isClosed) return
    this.#timer = setTimeout(() => {
      this.#checking = this.#check()
        .catch((error: unknown) => this.#deps.failed(error))
        .finally(() => this.#schedule(CHECK_INTERVAL_MS))
    }, ms)
  }

  async #check(): Promise<void> {
    const { bus, store, leader } = this.#deps
    if (!leader.isHeld || !bus.isConnected) return
    const running = await store.read(({ arena }) => arena.running())
    const orphans = new Set<string>()
    for (const row of running) {
      const idle = Date.now() - Date.parse(row.updatedAt)
      if (idle > IDLE_TIMEOUT_MS) await this.#end(row)
      else if (this.#isOrphan(row, idle)) {
        orphans.add(row.id)
        await this.#offer(row)
      } else if (row.engineId !== null && row.waiting) this.#resendNews(row)
    }
    for (const id of this.#orphanedAt.keys()) if (!orphans.has(id)) this.#orphanedAt.delete(id)
    if (performance.now() - this.#prunedAt > PRUNE_INTERVAL_MS) {
      this.#prunedAt = performance.now()
      await this.#prune()
    }
  }

  /** A foreign engine claims no game. Its game is not an orphan once it has a round or waits for news. */
  #isOrphan({ engineId, round, waiting }: ArenaSessionRow, idle: number): boolean {
    if (engineId !== null) return this.#deps.engines.isSilent(engineId)
    return round === 0 && !waiting && idle > CHECK_INTERVAL_MS
  }

  /**
   * The bus keeps nothing, so an engine that was disconnected when news went out still waits for it. The mark shows it repeats.
   */
  #resendNews({ id, news }: ArenaSessionRow): void {
    for (const { id: mark, content } of news)
      this.#deps.bus.publish(arenaSubject(id, 'input.fakenews'), content, { id: mark })
  }

  async #offer(row: ArenaSessionRow): Promise<void> {
    const since = this.#orphanedAt.get(row.id) ?? performance.now()
    this.#orphanedAt.set(row.id, since)
    if (performance.now() - since > ENGINE_TIMEOUT_MS) return this.#end(row)
    this.#deps.bus.publish(engineSubjects.orphan, JSON.stringify({ session_id: row.id }))
  }

  async #end(row: ArenaSessionRow): Promise<void> {
    const { store, bus } = this.#deps
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
    const { store, keepGames } = this.#deps
    await store.write(async ({ arena, streams }) => {
      for (const id of await arena.surplus(keepGames)) {
        await streams.remove(arenaStream(id))
        await arena.remove(id)
      }
      await streams.prune({ prefix: 'arena:', before: '', keep: KEEP_EVENTS })
    })
  }
}
