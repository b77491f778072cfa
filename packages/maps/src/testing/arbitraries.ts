// Random maps for properties.
import fc from 'fast-check'
import { type Fog, FOG_BLOCK, hiddenFog, isRevealed, revealRow } from '../fog/fog.ts'
import type { MapSize, Point } from '../point.ts'

export const sizes = (most = 300): fc.Arbitrary<MapSize> =>
  fc.record({ width: fc.integer({ min: 1, max: most }), height: fc.integer({ min: 1, max: most }) })

/** Half of them lie on the borders of blocks, where rounding goes wrong first. */
export const coordinates = (most = 320): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: -2, max: Math.ceil(most / FOG_BLOCK) }).map((block) => block * FOG_BLOCK),
    fc.double({ min: -20, max: most, noNaN: true }),
  )

export const points = (most = 320): fc.Arbitrary<Point> => fc.record({ x: coordinates(most), y: coordinates(most) })

/** Fogs of one size. */
export const fogs = (size: MapSize): fc.Arbitrary<Fog> =>
  fc.infiniteStream(fc.boolean()).map((random) => {
    const fog = hiddenFog(size)
    for (let row = 0; row < fog.rows; row++)
      for (let column = 0; column < fog.columns; column++)
        if (random.next().value) revealRow(fog, row, column, column + 1)
    return fog
  })

export const sizedFogs = (most = 300): fc.Arbitrary<Fog> => sizes(most).chain(fogs)

/** The revealed blocks as “column,row”. */
export function revealedOf(fog: Fog): string[] {
  const names: string[] = []
  for (let row = 0; row < fog.rows; row++)
    for (let column = 0; column < fog.columns; column++)
      if (isRevealed(fog, column, row)) names.push(`${column},${row}`)
  return names
}
