import { TablecastError } from '@tablecast/contracts'

/** Dice that one message may throw, in all its rolls together, with those that are thrown again. */
export const MAX_THROWN = 1_000

/** The dice that one message may still throw. Every roll takes from it first. */
export class ThrowBudget {
  #left = MAX_THROWN

  /** Throws BAD_REQUEST when there are not as many left. */
  take(dice: number): void {
    if (dice > this.#left)
      throw new TablecastError(
        'BAD_REQUEST',
        `These rolls throw more than ${MAX_THROWN.toLocaleString('en')} dice: ask for fewer dice, or for dice that are thrown again less often.`,
      )
    this.#left -= dice
  }
}
