// Which of several nodes does what one alone should do, such as storing what comes over a bus: one at a time, by a lease in the
// database.
import { randomUUID } from 'node:crypto'
import type { Store } from '@tablecast/store'

const TTL_MS = 5_000
const RENEW_MS = 1_500

export type LeaderLeaseOptions = {
  name: string
  store: Store
  /** There is one node and no other: it always holds the lease. */
  isAlone: boolean
  /** False while this node could not do the work: it leaves the lease to another one. */
  isAble?(): boolean
  failed(error: unknown): void
}

export class LeaderLease implements AsyncDisposable {
  readonly #listeners = new Set<(isHeld: boolean) => void>()
  readonly #name: string
  readonly #store: Store
  readonly #failed: (error: unknown) => void
  readonly #holder = randomUUID()
  readonly #isAlone: boolean
  readonly #isAble: () => boolean
  #until = -Infinity
  #timer: ReturnType<typeof setTimeout> | undefined
  #isClosed = false
  #wasHeld = false
  #renewing = Promise.resolve()

  constructor({ name, store, isAlone, isAble = () => true, failed }: LeaderLeaseOptions) {
    this.#isAble = isAble
    this.#name = name
    this.#store = store
    this.#failed = failed
    this.#isAlone = isAlone
    if (!this.#isAlone) this.#renew()
  }

  get isHeld(): boolean {
    return this.#isAlone || performance.now() < this.#until
  }

  /**
   * Where there are other nodes, calls back when this one begins to hold the lease, and when it learns that it lost it; `isHeld` may
   * end before that.
   */
  onChange(listener: (isHeld: boolean) => void): void {
    this.#listeners.add(listener)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#renewing
    const wasHeld = this.isHeld && !this.#isAlone
    this.#until = -Infinity
    if (wasHeld) await this.#store.write(({ leases }) => leases.release(this.#name, this.#holder)).catch(this.#failed)
  }

  #renew(): void {
    // Counted from before the question, so that this node stops before the database lets another one begin.
    const asked = performance.now()
    this.#renewing = this.#store
      .write(async ({ leases }) => {
        if (this.#isAble()) return leases.take(this.#name, this.#holder, TTL_MS)
        if (this.#wasHeld) await leases.release(this.#name, this.#holder)
        return false
      })
      .then((isHeld) => this.#answered(isHeld, asked))
      .catch(this.#failed)
      .finally(() => {
        if (!this.#isClosed) this.#timer = setTimeout(() => this.#renew(), RENEW_MS)
      })
  }

  #answered(isHeld: boolean, asked: number): void {
    this.#until = isHeld ? asked + TTL_MS : -Infinity
    if (this.#isClosed || isHeld === this.#wasHeld) return
    this.#wasHeld = isHeld
    for (const changed of this.#listeners) changed(isHeld)
  }
}
