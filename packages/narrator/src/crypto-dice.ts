import type { Dice } from './narrator.ts'

/**
 * Dice on the operating system's random source. Their library, with its arithmetic, takes the thread for some 500 ms to load: a
 * server opens them before it listens.
 */
export async function cryptoDice(): Promise<Dice> {
  const { createDice } = await import('./dice.ts')
  return createDice()
}
