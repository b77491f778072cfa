// Knows which engines are alive from their messages on the bus. After a start, each engine has `SILENCE_TIMEOUT_MS` to report.
import { AliveMessage, engineSubjects } from '@tablecast/contracts'
import type { Bus, Subscription } from '@tablecast/bus'
import { isAlone } from '../../cluster/is-alone.ts'

const SILENCE_TIMEOUT_MS = 7_000
const FORGET_AFTER_MS = 60 * SILENCE_TIMEOUT_MS

export class EngineWatch implements Disposable {
  readonly #seen = new Map<string, number>()
  readonly #subscription: Subscription
  readonly #now: () => number
  readonly #startedAt: number

  constructor(bus: Bus, now: () => number = () => performance.now()) {
    this.#now = now
    // On a bus in memory the only engine is this process's own, and it has just started: no other one can report.
    this.#startedAt = isAlone(bus) ? -Infinity : now()
    this.#subscription = bus.subscribe(engineSubjects.alive, ({ json }) => this.#receive(json))
  }

  isSilent(engineId: string): boolean {
    return this.#now() - (this.#seen.get(engineId) ?? this.#startedAt) > SILENCE_TIMEOUT_MS
  }

  get count(): number {
    return [...this.#seen.keys()].filter((id) => !this.isSilent(id)).length
  }

  [Symbol.dispose](): void {
    this.#subscription.close()
  }

  #receive(json: unknown): void {
    const message = AliveMessage.safeParse(json)
    if (!message.success) return
    const { engine_id: id, leaving } = message.data
    this.#seen.set(id, leaving ? this.#now() - 2 * SILENCE_TIMEOUT_MS : this.#now())
    for (const [other, at] of this.#seen) if (this.#now() - at > FORGET_AFTER_MS) this.#seen.delete(other)
  }
}
