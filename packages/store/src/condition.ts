import type { Connection } from './connection.ts'
import type { StoreCondition } from './store.ts'
import { type Trouble, trouble, TroubleError, troubleOf } from './trouble.ts'

/** A write that takes longer waits for something. */
const LONG_MS = 2_000
/** A refusal counts for this time: the next write may be a smaller one, for which there is room. */
const REMEMBER_MS = 5_000
/** A write that is tried to see whether one can be done waits no longer. */
const PROBE_MS = 900
/** It costs the disk as much as any other, and everybody may ask. */
const PROBE_EVERY_MS = 250

export type ConditionDeps = {
  connection: Connection
  isNew: boolean
  /** Writes a row that nobody needs, until the deadline. */
  tryWrite(deadline: number): Promise<unknown>
}

/** Learns how a database does from what becomes of each write. */
export class Condition implements StoreCondition {
  readonly isNew: boolean
  readonly #connection: Connection
  readonly #tryWrite: (deadline: number) => Promise<unknown>
  /** When the writes that are under way began, the oldest first. */
  readonly #writing = new Set<{ since: number }>()
  #refused: { trouble: Trouble; at: number } | null = null
  #probing: Promise<void> | null = null
  #probedAt = -Infinity

  constructor({ connection, isNew, tryWrite }: ConditionDeps) {
    this.isNew = isNew
    this.#connection = connection
    this.#tryWrite = tryWrite
  }

  /** `work` writes. Rejects also when that was committed into a file that is gone with this process. */
  async watch<T>(work: () => Promise<T>): Promise<T> {
    const mine = { since: performance.now() }
    this.#writing.add(mine)
    try {
      this.mustLast()
      const result = await work()
      this.mustLast()
      if (this.#isOver(this.#refused?.trouble)) this.#refused = null
      return result
    } catch (error) {
      this.#note(troubleOf(error))
      throw error
    } finally {
      this.#writing.delete(mine)
    }
  }

  /** Reading goes on from files that are gone; whatever is written would not last. */
  mustLast(): void {
    if (this.#connection.isLost()) throw new TroubleError('lost')
  }

  get trouble(): Trouble | null {
    if (this.#connection.isLost()) return trouble('lost')
    const now = performance.now()
    if (this.#refused && now - this.#refused.at < REMEMBER_MS) return this.#refused.trouble
    const [oldest] = this.#writing
    return oldest && now - oldest.since > LONG_MS ? trouble('held') : null
  }

  async probe(): Promise<Trouble | null> {
    if (!this.#connection.isLost() && performance.now() - this.#probedAt >= PROBE_EVERY_MS)
      await (this.#probing ??= this.#probe().finally(() => {
        this.#probing = null
        this.#probedAt = performance.now()
      }))
    return this.trouble
  }

  get walBytes(): number | null {
    return this.#connection.walBytes()
  }

  async #probe(): Promise<void> {
    try {
      if (await this.#connection.isFull()) this.#note(trouble('full'))
      else await this.#tryWrite(performance.now() + PROBE_MS)
    } catch (error) {
      this.#note(troubleOf(error) ?? trouble('refused'))
    }
  }

  #note(found: Trouble | null): void {
    if (found) this.#refused = { trouble: found, at: performance.now() }
  }

  /** Whether a write that was done shows that this is over: another one may be larger, or need a row that is still locked. */
  #isOver(refused: Trouble | undefined): boolean {
    return refused?.kind !== 'full' && !(refused?.kind === 'held' && this.#connection.kind === 'postgres')
  }
}
