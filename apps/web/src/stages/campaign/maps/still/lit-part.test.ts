import { FOG_COLOUR } from '@tablecast/maps/tiles'
import { describe, expect, it } from 'vitest'
import { litPart, type Pixels } from './lit-part.ts'

/** A tile of 8 × 6 pixels in fog, of which some are revealed. */
function tileWith(revealed: readonly (readonly [x: number, y: number])[], fog: readonly number[] = FOG_COLOUR): Pixels {
  const [width, height] = [8, 6]
  const data = new Uint8ClampedArray(width * height * 4)
  for (let at = 0; at < data.length; at += 4) data.set([...fog, 255], at)
  for (const [x, y] of revealed) data.set([90, 80, 70, 255], (y * width + x) * 4)
  return { data, width, height }
}

describe('the revealed part of a map', () => {
  it('has each pixel of the smallest tile that is not fog, in pixels of the picture', () => {
    const tile = tileWith([
      [2, 1],
      [5, 4],
    ])
    expect(litPart(tile, 16)).toEqual({ left: 32, top: 16, right: 96, bottom: 80 })
  })

  it('is nothing where all is fog, also after a browser has rounded its colour', () => {
    expect(litPart(tileWith([]), 16)).toBeNull()
    expect(
      litPart(
        tileWith(
          [],
          FOG_COLOUR.map((colour) => colour + 1),
        ),
        16,
      ),
    ).toBeNull()
  })

  it('is the whole map where nothing is hidden', () => {
    const all = Array.from({ length: 48 }, (_, at) => [at % 8, Math.floor(at / 8)] as const)
    expect(litPart(tileWith(all), 4)).toEqual({ left: 0, top: 0, right: 32, bottom: 24 })
  })
})
