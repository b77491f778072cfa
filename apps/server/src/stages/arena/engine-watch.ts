// Which engines are alive, by what they tell on the bus. In memory: after a start, each one has time to tell.
import { AliveMessage, engineSubjects } from '@tablecast/contracts'
import type { Bus, Subscription } from '@tablecast/bus'
import { isAlone } from '../../cluster/is-alone.ts'

const SILENT_MS = 7_000

export class EngineWatch implements Disposable {
  readonly #seen = new Map<string, number>()
  readonly #subscription: Subscription
  readonly #now: () => number
  readonly #startedAt: number

  constructor(bus: Bus, now: () => number = () => performance.now()) {
    this.#now = now
    // On the bus in memory there are no engines but this process's own, and it has just begun.
    this.#startedAt = isAlone(bus) ? -Infinity : now()
    this.#subscription = bus.subscribe(engineSubjects.alive, ({ json }) => this.#heard(json))
  }

  isSilent(engineId: string): boolean {
    return this.#now() - (this.#seen.get(engineId) ?? this.#startedAt) > SILENT_MS
  }

  get count(): number {
    return [...this.#seen.keys()].filter((id) => !this.isSilent(id)).length
  }

  [Symbol.dispose](): void {
    this.#subscription.close()
  }

  #heard(json: unknown): void {
    const told = AliveMessage.safeParse(json)
    if (!told.success) return
    const { engine_id: id, leaving } = told.data
    this.#seen.set(id, leaving ? this.#now() - 2 * SILENT_MS : this.#now())
    for (const [other, at] of this.#seen) if (this.#now() - at > 60 * SILENT_MS) this.#seen.delete(other)
  }
}
