import type { Point } from '@tablecast/maps/grid'

type Placed = { at: Point; size: number }

/**
 * The token that a person means who presses at `place`: the one with the nearest middle, in relation to its size. A finger may also press
 * beside a token, and on a small map that place may belong to several of them. Null without tokens.
 */
export function nearestToken<Token extends Placed>(tokens: readonly Token[], place: Point): Token | null {
  const far = ({ at, size }: Token): number => Math.hypot(at.x - place.x, at.y - place.y) / size
  return tokens.reduce<Token | null>((best, one) => (best === null || far(one) < far(best) ? one : best), null)
}
