// Decides when a valid token has expired, also when somebody sets the machine's clock meanwhile.
import type { Ticker } from './ticker.ts'

/** In milliseconds. Somebody may set `wall` forward or back. `monotonic` runs evenly, and may stop while the machine sleeps. */
export type Clocks = { wall(): number; monotonic(): number }

const machine: Clocks = { wall: () => Date.now(), monotonic: () => performance.now() }

/** Returns true once the deadline has passed. */
export type Deadline = () => boolean

export class Expiry {
  readonly #ticker: Pick<Ticker, 'add'>
  readonly #clocks: Clocks

  constructor({ ticker, clocks = machine }: { ticker: Pick<Ticker, 'add'>; clocks?: Clocks }) {
    this.#ticker = ticker
    this.#clocks = clocks
  }

  /**
   * The deadline of a token that was verified just now. Two clocks decide, and the earlier end counts. The wall clock notices the end after
   * the machine slept or its clock was set forward. The monotonic clock notices it after the wall clock was set back.
   */
  deadline(expiresAt: number): Deadline {
    const { wall, monotonic } = this.#clocks
    const until = monotonic() + (expiresAt - wall())
    return () => wall() >= expiresAt || monotonic() >= until
  }

  /** Calls `look` at each tick of the timer that all sessions share. Returns a function that stops that. */
  watch(look: () => void): () => void {
    return this.#ticker.add(look)
  }
}
