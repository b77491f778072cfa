import type { Connection } from './connection.ts'
import type { StoreCondition } from './store.ts'
import { type DatabaseProblem, databaseProblem, DatabaseProblemError, databaseProblemOf } from './database-problem.ts'

/** A write that takes longer than this counts as waiting for a lock. */
const WAITING_AFTER_MS = 2_000
/** A refusal counts for this time, also after a good write: that one may have been smaller. */
const REMEMBER_MS = 5_000
/** The longest time that a trial write waits. */
const PROBE_TIMEOUT_MS = 900
/** The shortest time between two trial writes, which cost the disk as much as others. Every caller may ask for one. */
const PROBE_INTERVAL_MS = 250

export type ConditionDeps = {
  connection: Connection
  isNew: boolean
  /** A trial write: writes a row without a purpose, until the deadline. */
  tryWrite(deadline: number): Promise<unknown>
}

/** Judges the state of a database by the outcome of each write. */
export class Condition implements StoreCondition {
  readonly isNew: boolean
  readonly #connection: Connection
  readonly #tryWrite: (deadline: number) => Promise<unknown>
  /** The start of each running write, oldest first. */
  readonly #writing = new Set<{ since: number }>()
  #refused: { problem: DatabaseProblem; at: number } | null = null
  #probing: Promise<void> | null = null
  #probedAt = -Infinity

  constructor({ connection, isNew, tryWrite }: ConditionDeps) {
    this.isNew = isNew
    this.#connection = connection
    this.#tryWrite = tryWrite
  }

  /** Runs a write. Rejects also if the commit went into a deleted file, which ends with this process. */
  async watch<T>(work: () => Promise<T>): Promise<T> {
    const mine = { since: performance.now() }
    this.#writing.add(mine)
    try {
      this.mustLast()
      const result = await work()
      this.mustLast()
      if (this.#isOver(this.#refused?.problem)) this.#refused = null
      return result
    } catch (error) {
      this.#note(databaseProblemOf(error))
      throw error
    } finally {
      this.#writing.delete(mine)
    }
  }

  /** Reads from deleted files still work, but a write would be lost. */
  mustLast(): void {
    if (this.#connection.isLost()) throw new DatabaseProblemError('lost')
  }

  get problem(): DatabaseProblem | null {
    if (this.#connection.isLost()) return databaseProblem('lost')
    const now = performance.now()
    if (this.#refused && now - this.#refused.at < REMEMBER_MS) return this.#refused.problem
    const [oldest] = this.#writing
    return oldest && now - oldest.since > WAITING_AFTER_MS ? databaseProblem('held') : null
  }

  async probe(): Promise<DatabaseProblem | null> {
    if (!this.#connection.isLost() && performance.now() - this.#probedAt >= PROBE_INTERVAL_MS)
      await (this.#probing ??= this.#probe().finally(() => {
        this.#probing = null
        this.#probedAt = performance.now()
      }))
    return this.problem
  }

  get walBytes(): number | null {
    return this.#connection.walBytes()
  }

  async #probe(): Promise<void> {
    try {
      if (await this.#connection.isFull()) this.#note(databaseProblem('full'))
      else await this.#tryWrite(performance.now() + PROBE_TIMEOUT_MS)
    } catch (error) {
      this.#note(databaseProblemOf(error) ?? databaseProblem('refused'))
    }
  }

  #note(found: DatabaseProblem | null): void {
    if (found) this.#refused = { problem: found, at: performance.now() }
  }

  /** True if a good write proves that the problem is over. Another write may be larger, or need a row that is still locked. */
  #isOver(refused: DatabaseProblem | undefined): boolean {
    return refused?.kind !== 'full' && !(refused?.kind === 'held' && this.#connection.kind === 'postgres')
  }
}
