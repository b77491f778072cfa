// Which of several nodes stores what the engines publish: one at a time, so that each session keeps the order of the bus.
import { randomUUID } from 'node:crypto'
import type { Bus } from '@tablecast/bus'
import type { Store } from '@tablecast/store'

const NAME = 'arena-writer'
const TTL_MS = 5_000
const RENEW_MS = 1_500

export class WriterLease implements AsyncDisposable {
  readonly #store: Store
  readonly #failed: (error: unknown) => void
  readonly #holder = randomUUID()
  readonly #isAlone: boolean
  #until = -Infinity
  #timer: ReturnType<typeof setTimeout> | undefined
  #isClosed = false
  #renewing = Promise.resolve()

  /** On the bus in memory there is one node, and it always holds the lease. */
  constructor(bus: Bus, store: Store, failed: (error: unknown) => void) {
    this.#store = store
    this.#failed = failed
    this.#isAlone = bus.kind === 'memory'
    if (!this.#isAlone) this.#renew()
  }

  get isHeld(): boolean {
    return this.#isAlone || performance.now() < this.#until
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#renewing
    const wasHeld = this.isHeld && !this.#isAlone
    this.#until = -Infinity
    if (wasHeld) await this.#store.write(({ leases }) => leases.release(NAME, this.#holder)).catch(this.#failed)
  }

  #renew(): void {
    // Counted from before the question, so that this node stops before the database lets another one begin.
    const asked = performance.now()
    this.#renewing = this.#store
      .write(({ leases }) => leases.take(NAME, this.#holder, TTL_MS))
      .then((isHeld) => void (this.#until = isHeld ? asked + TTL_MS : -Infinity))
      .catch(this.#failed)
      .finally(() => {
        if (!this.#isClosed) this.#timer = setTimeout(() => this.#renew(), RENEW_MS)
      })
  }
}
