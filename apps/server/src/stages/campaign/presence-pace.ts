// How often a feed tells its number of people alone. While a crowd comes the number never rests, and each message with it costs a write
// for every client of the feed.
import type { RosterChange } from '@tablecast/contracts'

/** Messages a second, to all clients of a feed together. Beyond 500 clients the number comes less often than four times a second. */
const NUMBERS_PER_SECOND = 2_000

export class CountPace {
  #toldAt = -Infinity

  /** The time until the change may go out; 0 for now. A change of listed people never waits. `at`: by the clock, in milliseconds. */
  waitMs({ joined, changed, gone }: RosterChange<{ userId: string }>, clients: number, at: number): number {
    if (joined.length > 0 || changed.length > 0 || gone.length > 0) return 0
    return Math.max(0, this.#toldAt + (clients * 1_000) / NUMBERS_PER_SECOND - at)
  }

  told(at: number): void {
    this.#toldAt = at
  }
}
