// Whether the database was restored under us: every stream has a new epoch then, and what this process remembers is of another log.
import type { Store } from '@tablecast/store'

const LOOK_MS = 2_000

export class RestoreWatch implements Disposable {
  /** Resolves when it happened, and never otherwise. */
  readonly restored: Promise<void>
  readonly #timer: ReturnType<typeof setInterval>

  private constructor(store: Store, epoch: string | null) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.restored = promise
    const look = async () => {
      if ((await epochOf(store)) !== epoch) resolve()
    }
    // A database that is away is told of elsewhere.
    this.#timer = setInterval(() => void look().catch(() => {}), LOOK_MS)
  }

  /** To be opened before anything else is read. */
  static async open(store: Store): Promise<RestoreWatch> {
    return new RestoreWatch(store, await epochOf(store))
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}

const epochOf = async (store: Store): Promise<string | null> =>
  (await store.read(({ restores }) => restores.newest()))?.epoch ?? null
