// When a token that was found valid is over, whatever the clock of the machine does meanwhile.
import type { Ticker } from './ticker.ts'

/** In milliseconds. `wall` may be set to another time, forward or back; `monotonic` goes on evenly, and may stand still while the machine sleeps. */
export type Clocks = { wall(): number; monotonic(): number }

const machine: Clocks = { wall: () => Date.now(), monotonic: () => performance.now() }

/** True once it is over. */
export type Deadline = () => boolean

export class Expiry {
  readonly #ticker: Pick<Ticker, 'add'>
  readonly #clocks: Clocks

  constructor({ ticker, clocks = machine }: { ticker: Pick<Ticker, 'add'>; clocks?: Clocks }) {
    this.#ticker = ticker
    this.#clocks = clocks
  }

  /**
   * Of a token that is judged now. The wall clock tells when a machine that slept, or whose clock was set right, comes out behind the end; the
   * monotonic one tells when the time that was left is used up, though the wall clock was set back. The earlier of the two counts.
   */
  deadline(expiresAt: number): Deadline {
    const { wall, monotonic } = this.#clocks
    const until = monotonic() + (expiresAt - wall())
    return () => wall() >= expiresAt || monotonic() >= until
  }

  /** Looked at again and again, by the one timer that all share. Returns what takes it out. */
  watch(look: () => void): () => void {
    return this.#ticker.add(look)
  }
}
