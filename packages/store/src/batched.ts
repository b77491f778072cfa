// One transaction for many callers. In a crowd that comes, a transaction for each small question costs more than its answer, and a
// commit for each small row waits for the disk.
import { setImmediate as endOfTurn } from 'node:timers/promises'
import type { Repositories } from './store.ts'

export type BatchedDeps<K, V> = {
  /** A transaction: `read` or `write` of a store. */
  run(work: (repositories: Repositories) => Promise<ReadonlyMap<string, V>>): Promise<ReadonlyMap<string, V>>
  idOf(key: K): string
  /** The values by `idOf`; a key that is missing in them has none. An error reaches every caller of the transaction. */
  answer(repositories: Repositories, keys: readonly K[]): Promise<ReadonlyMap<string, V>>
}

type Batch<K, V> = { keys: Map<string, K>; values: Promise<ReadonlyMap<string, V>> }

/** SQL takes some ten thousand parameters at most. */
const MAX_KEYS = 512

/**
 * Callers share a transaction as long as it has not begun. An answer therefore holds everything that was committed before its call. It
 * begins after the events that have come already, so that the clients of a crowd find each other.
 */
export class Batched<K, V> {
  readonly #deps: BatchedDeps<K, V>
  /** Its transaction has not begun. */
  #waiting: Batch<K, V> | null = null

  constructor(deps: BatchedDeps<K, V>) {
    this.#deps = deps
  }

  async get(key: K): Promise<V | null> {
    const id = this.#deps.idOf(key)
    const batch = this.#waiting ?? this.#begin()
    batch.keys.set(id, key)
    if (batch.keys.size >= MAX_KEYS) this.#close(batch.keys)
    return (await batch.values).get(id) ?? null
  }

  #begin(): Batch<K, V> {
    const keys = new Map<string, K>()
    const values = endOfTurn().then(() =>
      this.#deps.run((repositories) => {
        this.#close(keys)
        return this.#deps.answer(repositories, [...keys.values()])
      }),
    )
    this.#waiting = { keys, values }
    // Where the database can't be reached, the transaction never begins.
    values.catch(() => this.#close(keys))
    return this.#waiting
  }

  #close(keys: ReadonlyMap<string, K>): void {
    if (this.#waiting?.keys === keys) this.#waiting = null
  }
}
