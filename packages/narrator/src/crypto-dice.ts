import type { Dice } from './narrator.ts'

/** Dice on the operating system's random source. Their library, with its arithmetic, loads with the first roll. */
export async function cryptoDice(): Promise<Dice> {
  const { createDice } = await import('./dice.ts')
  return createDice()
}
