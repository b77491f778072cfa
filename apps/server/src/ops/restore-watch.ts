// Notices that an operator restored the database while the server runs. Every stream then has a new epoch, and the state in the
// memory of this process belongs to another log.
import type { Store } from '@tablecast/store'

const CHECK_INTERVAL_MS = 2_000

export class RestoreWatch implements Disposable {
  /** Resolves when the database was restored; otherwise it stays pending. */
  readonly restored: Promise<void>
  readonly #timer: ReturnType<typeof setInterval>

  private constructor(store: Store, epoch: string | null) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.restored = promise
    const check = async () => {
      if ((await epochOf(store)) !== epoch) resolve()
    }
    // Errors are ignored here, because `DatabaseWatch` and `/health` report an unreachable database.
    this.#timer = setInterval(() => void check().catch(() => {}), CHECK_INTERVAL_MS)
  }

  /** Open it before anything else reads the database. */
  static async open(store: Store): Promise<RestoreWatch> {
    return new RestoreWatch(store, await epochOf(store))
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}

const epochOf = async (store: Store): Promise<string | null> =>
  (await store.read(({ restores }) => restores.newest()))?.epoch ?? null
