import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changed, differenceOf } from '../fog/fog-change.ts'
import { FOG_BLOCK, type Fog, hiddenFog, isRevealed, revealedFog } from '../fog/fog.ts'
import type { MapSize } from '../point.ts'
import { fogs, sizedFogs } from '../testing/arbitraries.ts'
import { FOG_COLOUR, maskPixels } from './mask-pixels.ts'
import { boundsOfTile, levelsOf, sizeOfLevel, TILE, type TilePlace } from './pyramid.ts'
import { isHidden, TileMasks } from './tile-mask.ts'

/** The picture's level: each pixel is the mean of those below it that exist. */
function halvedPicture({ width, height }: MapSize, pixels: Float64Array): Float64Array {
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) }
  return Float64Array.from({ length: half.width * half.height }, (_none, at) => {
    const [x, y] = [(at % half.width) * 2, Math.floor(at / half.width) * 2]
    const below = [
      [x, y],
      [x + 1, y],
      [x, y + 1],
      [x + 1, y + 1],
    ].flatMap(([column = 0, row = 0]) => (column < width && row < height ? [pixels[row * width + column] ?? 0] : []))
    return below.reduce((sum, value) => sum + value, 0) / below.length
  })
}

/** Whether each source pixel behind a pixel of a level is revealed, counted one by one. */
function isAllRevealed(fog: Fog, level: number, x: number, y: number): boolean {
  const scale = 2 ** level
  const { width, height } = fog.size
  for (let row = y * scale; row < Math.min((y + 1) * scale, height); row++)
    for (let column = x * scale; column < Math.min((x + 1) * scale, width); column++)
      if (!isRevealed(fog, Math.floor(column / FOG_BLOCK), Math.floor(row / FOG_BLOCK))) return false
  return true
}

function* placesOf(size: MapSize): Generator<TilePlace> {
  for (let level = 0; level < levelsOf(size); level++)
    for (let row = 0; boundsOfTile(size, { level, column: 0, row }); row++)
      for (let column = 0; boundsOfTile(size, { level, column, row }); column++) yield { level, column, row }
}

const largeFogs = fc
  .record({ width: fc.integer({ min: 1, max: 1_700 }), height: fc.integer({ min: 1, max: 1_100 }) })
  .chain(fogs)

describe('a pyramid', () => {
  it('of 8,192 × 8,192 pixels has 341 tiles in five levels', () => {
    const size = { width: 8_192, height: 8_192 }
    expect(levelsOf(size)).toBe(5)
    expect([...placesOf(size)]).toHaveLength(341)
  })

  it('ends with a level of one tile, and its tiles cover each level once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 20_000 }), (width, height) => {
        const size = { width, height }
        const areas = new Map<number, number>()
        for (const place of placesOf(size)) {
          const bounds = boundsOfTile(size, place)
          areas.set(place.level, (areas.get(place.level) ?? 0) + (bounds?.width ?? 0) * (bounds?.height ?? 0))
        }
        for (const [level, area] of areas) {
          const whole = sizeOfLevel(size, level)
          expect(area).toBe(whole.width * whole.height)
        }
        const top = sizeOfLevel(size, levelsOf(size) - 1)
        expect(Math.max(top.width, top.height)).toBeLessThanOrEqual(TILE)
      }),
      { numRuns: 20 },
    )
  })

  it('has no tile outside of the map', () => {
    const size = { width: 600, height: 100 }
    expect(boundsOfTile(size, { level: 0, column: 2, row: 0 })).toBeNull()
    expect(boundsOfTile(size, { level: 0, column: -1, row: 0 })).toBeNull()
    expect(boundsOfTile(size, { level: 2, column: 0, row: 0 })).toBeNull()
    expect(new TileMasks(hiddenFog(size)).maskOf({ level: 0, column: 2, row: 0 })).toBeNull()
  })
})

describe('the mask of a tile', () => {
  it('shows a pixel exactly where the whole picture behind it is revealed', () => {
    fc.assert(
      fc.property(largeFogs, fc.nat(), (fog, pick) => {
        const places = [...placesOf(fog.size)]
        const place = places[pick % places.length]
        const bounds = place && boundsOfTile(fog.size, place)
        if (!place || !bounds) throw new Error('there is a tile')
        const mask = new TileMasks(fog).maskOf(place)
        if (!mask) throw new Error('each tile has a mask')
        const pixels = new Uint8Array(bounds.width * bounds.height * 3).fill(200)
        maskPixels(pixels, bounds, mask)
        for (let y = 0; y < bounds.height; y += 7)
          for (let x = 0; x < bounds.width; x += 5) {
            const at = (y * bounds.width + x) * 3
            const isVisible = isAllRevealed(fog, place.level, bounds.left + x, bounds.top + y)
            expect([...pixels.subarray(at, at + 3)]).toEqual(isVisible ? [200, 200, 200] : FOG_COLOUR)
          }
      }),
      { numRuns: 25 },
    )
  })

  it('beyond the levels of whole blocks needs each block behind a pixel', () => {
    const size = { width: 16_384, height: 8_192 }
    const hidden = { row: 300, column: 513 }
    const all = revealedFog(size)
    const fog = changed(all, differenceOf(all, withoutBlock(all, hidden)) ?? [])
    const masks = new TileMasks(fog)
    expect(levelsOf(size)).toBe(6)
    const mask = masks.maskOf({ level: 5, column: 0, row: 0 })
    // At this level a pixel is two blocks wide.
    expect(mask).toMatchObject({ cell: 1, columns: 512, rows: 256 })
    const hiddenPixels = [...(mask?.bits ?? [])].flatMap((byte, at) => (byte === 255 ? [] : [[at, byte]]))
    expect(hiddenPixels).toEqual([[150 * 64 + 32, 255 & ~1]])
  })

  it('beyond the levels of whole blocks shows a pixel exactly where all blocks behind it are revealed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8_193, max: 18_000 }),
        fc.integer({ min: 1, max: 900 }),
        fc.infiniteStream(fc.nat({ max: 40 })),
        (width, height, random) => {
          const all = revealedFog({ width, height })
          const bits = all.bits.map((byte) => (random.next().value === 0 ? byte & 0xd7 : byte))
          const fog: Fog = { ...all, bits }
          const masks = new TileMasks(fog)
          for (let level = 5; level < levelsOf(fog.size); level++) {
            const mask = masks.maskOf({ level, column: 0, row: 0 })
            if (!mask) throw new Error('each tile has a mask')
            const blocks = 2 ** (level - 4)
            const stride = Math.ceil(mask.columns / 8)
            for (let row = 0; row < mask.rows; row++)
              for (let column = 0; column < stride * 8; column++) {
                const isSet = (((mask.bits[row * stride + (column >> 3)] ?? 0) >> (column & 7)) & 1) === 1
                let isShown = column < mask.columns
                for (let y = row * blocks; y < Math.min((row + 1) * blocks, fog.rows); y++)
                  for (let x = column * blocks; x < Math.min((column + 1) * blocks, fog.columns); x++)
                    isShown &&= isRevealed(fog, x, y)
                if (isSet !== isShown) expect([level, column, row, isSet]).toEqual([level, column, row, isShown])
              }
          }
        },
      ),
      { numRuns: 15 },
    )
  })

  it('is the same for the same fog, and another where a visible pixel changes', () => {
    fc.assert(
      fc.property(sizedFogs(), (fog) => {
        const place = { level: 0, column: 0, row: 0 }
        const mask = new TileMasks(fog).maskOf(place)
        expect(new TileMasks({ ...fog, bits: Uint8Array.from(fog.bits) }).maskOf(place)).toEqual(mask)
        const other = withoutBlock(fog, { row: 0, column: 0 })
        const isSame = !isRevealed(fog, 0, 0)
        expect(JSON.stringify(new TileMasks(other).maskOf(place)) === JSON.stringify(mask)).toBe(isSame)
      }),
    )
  })

  it('says where nothing is visible', () => {
    const size = { width: 700, height: 700 }
    const place = { level: 1, column: 0, row: 0 }
    const [hidden, shown] = [hiddenFog(size), revealedFog(size)].map((fog) => new TileMasks(fog).maskOf(place))
    expect(hidden && isHidden(hidden)).toBe(true)
    expect(shown && isHidden(shown)).toBe(false)
  })
})

describe('masked pixels', () => {
  it('do not depend on the hidden part of the picture, at any level', () => {
    fc.assert(
      fc.property(sizedFogs(120), fc.infiniteStream(fc.integer({ min: 0, max: 255 })), (fog, random) => {
        const { width, height } = fog.size
        const first = Float64Array.from({ length: width * height }, () => random.next().value)
        // The same where it is revealed, and anything else where it is hidden.
        const second = first.map((value, at) => {
          const [x, y] = [at % width, Math.floor(at / width)]
          return isRevealed(fog, Math.floor(x / FOG_BLOCK), Math.floor(y / FOG_BLOCK)) ? value : random.next().value
        })
        let [one, other, size]: [Float64Array, Float64Array, MapSize] = [first, second, fog.size]
        // Deeper than a map of this size has, as a larger one would.
        for (let level = 0; level < 7; level++) {
          const scale = 2 ** level
          for (let at = 0; at < one.length; at++) {
            const [x, y] = [at % size.width, Math.floor(at / size.width)]
            if (isAllRevealed(fog, level, x, y)) expect(one[at], `level ${level}, scale ${scale}`).toBe(other[at])
          }
          ;[one, other] = [halvedPicture(size, one), halvedPicture(size, other)]
          size = { width: Math.ceil(size.width / 2), height: Math.ceil(size.height / 2) }
        }
      }),
      { numRuns: 30 },
    )
  })

  it('are opaque', () => {
    const fog = hiddenFog({ width: 16, height: 16 })
    const mask = new TileMasks(fog).maskOf({ level: 0, column: 0, row: 0 })
    const pixels = new Uint8Array(16 * 16 * 4)
    if (mask) maskPixels(pixels, fog.size, mask, 4)
    expect([...pixels.subarray(0, 4)]).toEqual([...FOG_COLOUR, 255])
  })
})

function withoutBlock(fog: Fog, { row, column }: { row: number; column: number }): Fog {
  const bits = Uint8Array.from(fog.bits)
  const at = row * fog.stride + (column >> 3)
  bits[at] = (bits[at] ?? 0) & ~(1 << (column & 7))
  return { ...fog, bits }
}
