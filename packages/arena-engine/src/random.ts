import { createHash } from 'node:crypto'

/**
 * A number from 0 to 1 (1 excluded) that depends on the names alone: the same seed and place give the same chance, in whatever
 * order and process they are asked for. So a game can be rebuilt from its log.
 */
export function chance(seed: number, ...place: (string | number)[]): number {
  const digest = createHash('sha256')
    .update([seed, ...place].join('\u0000'))
    .digest()
  return digest.readUInt32BE(0) / 2 ** 32
}

/** One of the items, by chance. Throws on an empty list. */
export function pick<T>(items: readonly T[], at: number): T {
  const item = items[Math.floor(at * items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}

/** A seed for a session that was given none: its own name. */
export const seedOf = (sessionId: string): number => Math.floor(chance(0, sessionId) * 2 ** 32)
