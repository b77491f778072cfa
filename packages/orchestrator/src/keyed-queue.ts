import { TablecastError } from '@tablecast/contracts'
import { MAX_WAIT_MS } from '@tablecast/store'

/** Runs what has the same key one after the other, as changes of a room, so that their events go out in the order of the commits. */
export class KeyedQueue {
  readonly #last = new Map<string, Promise<unknown>>()

  /**
   * `work` is given what is left of the time that it may wait in all, as a moment of `performance.now()`. Throws UNAVAILABLE at that
   * moment when its turn has not come; then it never begins.
   */
  run<T>(
    key: string,
    work: (deadline: number) => Promise<T>,
    deadline: number = performance.now() + MAX_WAIT_MS,
  ): Promise<T> {
    const before = this.#last.get(key)
    const mine = before ? inTurn(before, () => work(deadline), deadline) : Promise.resolve().then(() => work(deadline))
    const settled = Promise.allSettled([before, mine])
    this.#last.set(key, settled)
    void settled.finally(() => {
      if (this.#last.get(key) === settled) this.#last.delete(key)
    })
    return mine
  }
}

async function inTurn<T>(before: Promise<unknown>, work: () => Promise<T>, deadline: number): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () =>
      late.reject(
        new TablecastError('UNAVAILABLE', 'Nothing was changed, because the calls before took too long: try again.'),
      ),
    Math.max(0, deadline - performance.now()),
  )
  try {
    await Promise.race([before, late.promise])
  } finally {
    clearTimeout(timer)
  }
  return work()
}
