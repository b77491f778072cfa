// A lease in the database. The node that holds it does the work that only one of several nodes may do, such as storing the
// messages of a bus.
import { randomUUID } from 'node:crypto'
import type { Store } from '@tablecast/store'

const LEASE_MS = 5_000
const RENEW_INTERVAL_MS = 1_500

export type LeaderLeaseOptions = {
  name: string
  store: Store
  /** True where there is only one node, which then always holds the lease. */
  isAlone: boolean
  /** False while this node can not do the work. It then leaves the lease to another node. */
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
   * Calls `listener` when this node gets the lease, and when it learns that it lost it; `isHeld` may become false earlier. Never
   * called where there is only one node.
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
    // The lease counts from before the query, so that this node stops before the database gives the lease to another one.
    const startedAt = performance.now()
    this.#renewing = this.#store
      .write(async ({ leases }) => {
        if (this.#isAble()) return leases.take(this.#name, this.#holder, LEASE_MS)
        if (this.#wasHeld) await leases.release(this.#name, this.#holder)
        return false
      })
      .then((isHeld) => this.#answered(isHeld, startedAt))
      .catch(this.#failed)
      .finally(() => {
        if (!this.#isClosed) this.#timer = setTimeout(() => this.#renew(), RENEW_INTERVAL_MS)
      })
  }

  #answered(isHeld: boolean, startedAt: number): void {
    this.#until = isHeld ? startedAt + LEASE_MS : -Infinity
    if (this.#isClosed || isHeld === this.#wasHeld) return
    this.#wasHeld = isHeld
    for (const changed of this.#listeners) changed(isHeld)
  }
}
