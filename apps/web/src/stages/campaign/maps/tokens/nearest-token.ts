import type { Point } from '@tablecast/maps/grid'

type Placed = { at: Point; size: number }

/**
 * The token that a person means who presses at a place. For a finger each token can be pressed around it, so those of neighbours lie over each
 * other where the map is small; the one whose middle is nearest counts, by its own size. Null without tokens.
 */
export function nearestToken<Token extends Placed>(tokens: readonly Token[], place: Point): Token | null {
  const far = ({ at, size }: Token): number => Math.hypot(at.x - place.x, at.y - place.y) / size
  return tokens.reduce<Token | null>((best, one) => (best === null || far(one) < far(best) ? one : best), null)
}
