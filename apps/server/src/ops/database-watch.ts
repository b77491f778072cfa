// Logs when the database stops accepting changes, and when it accepts them again.
import type { StoreCondition, DatabaseProblemKind } from '@tablecast/store'
import type { Log } from './log.ts'

const CHECK_INTERVAL_MS = 1_000

export class DatabaseWatch implements Disposable {
  readonly #condition: StoreCondition
  readonly #log: Pick<Log, 'error' | 'info'>
  readonly #timer: ReturnType<typeof setInterval>
  #known: DatabaseProblemKind | null = null

  constructor(condition: StoreCondition, log: Pick<Log, 'error' | 'info'>) {
    this.#condition = condition
    this.#log = log
    this.#timer = setInterval(() => this.#check(), CHECK_INTERVAL_MS)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #check(): void {
    const { problem } = this.#condition
    const kind = problem?.kind ?? null
    if (kind === this.#known) return
    this.#known = kind
    if (problem) this.#log.error({ problem: kind }, problem.words)
    else this.#log.info('the database takes changes again')
  }
}
