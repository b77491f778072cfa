// Decides when a valid token has expired, also when somebody sets the machine's clock meanwhile.
import type { Ticked, Ticker } from './ticker.ts'

/** In milliseconds. Somebody may set `wall` forward or back. `monotonic` runs evenly, and may stop while the machine sleeps. */
export type Clocks = { wall(): number; monotonic(): number }

const machine: Clocks = { wall: () => Date.now(), monotonic: () => performance.now() }

export class Expiry {
  readonly #ticker: Pick<Ticker, 'add' | 'remove'>
  readonly #clocks: Clocks

  constructor({ ticker, clocks = machine }: { ticker: Pick<Ticker, 'add' | 'remove'>; clocks?: Clocks }) {
    this.#ticker = ticker
    this.#clocks = clocks
  }

  /** The end of a token that was verified just now, on the monotonic clock. */
  deadlineOf(expiresAt: number): number {
    return this.#clocks.monotonic() + (expiresAt - this.#clocks.wall())
  }

  /**
   * Two clocks decide, and the earlier end counts. The wall clock notices the end after the machine slept or its clock was set forward. The
   * monotonic clock notices it after the wall clock was set back.
   */
  isPast(expiresAt: number, deadline: number): boolean {
    return this.#clocks.wall() >= expiresAt || this.#clocks.monotonic() >= deadline
  }

  /** Calls `session.tick` at each tick of the timer that all sessions share, until `unwatch`. */
  watch(session: Ticked): void {
    this.#ticker.add(session)
  }

  unwatch(session: Ticked): void {
    this.#ticker.remove(session)
  }
}
