import { createHash } from 'node:crypto'

/**
 * A number from 0 to 1 (1 excluded) that depends on the arguments only, not on the order of calls. So any process can rebuild a game
 * from its log.
 */
export function chance(seed: number, ...place: (string | number)[]): number {
  const digest = createHash('sha256')
    .update([seed, ...place].join('\u0000'))
    .digest()
  return digest.readUInt32BE(0) / 2 ** 32
}

/** The item at a fraction of the list, from 0 to 1. Throws on an empty list. */
export function pick<T>(items: readonly T[], at: number): T {
  const item = items[Math.floor(at * items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}

/** The seed of a session without one comes from its name. */
export const seedOf = (sessionId: string): number => Math.floor(chance(0, sessionId) * 2 ** 32)
