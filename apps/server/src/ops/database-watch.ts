// Logs when the database stops accepting changes, and when it accepts them again.
import type { StoreCondition, TroubleKind } from '@tablecast/store'
import type { Log } from './log.ts'

const CHECK_INTERVAL_MS = 1_000

export class DatabaseWatch implements Disposable {
  readonly #condition: StoreCondition
  readonly #log: Pick<Log, 'error' | 'info'>
  readonly #timer: ReturnType<typeof setInterval>
  #known: TroubleKind | null = null

  constructor(condition: StoreCondition, log: Pick<Log, 'error' | 'info'>) {
    this.#condition = condition
    this.#log = log
    this.#timer = setInterval(() => this.#check(), CHECK_INTERVAL_MS)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #check(): void {
    const { trouble } = this.#condition
    const kind = trouble?.kind ?? null
    if (kind === this.#known) return
    this.#known = kind
    if (trouble) this.#log.error({ trouble: kind }, trouble.words)
    else this.#log.info('the database takes changes again')
  }
}
