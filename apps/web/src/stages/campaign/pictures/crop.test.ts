import { type Crop, squareOf } from '@tablecast/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { portraitPlace, settledCrop, wholeCrop, wholePlace } from './crop.ts'

type Size = { width: number; height: number }
const size = fc.record({ width: fc.integer({ min: 1, max: 20_000 }), height: fc.integer({ min: 1, max: 20_000 }) })
const share = fc.double({ min: 0, max: 1, noNaN: true })
const crop = fc.record({ x: share, y: share, zoom: fc.double({ min: 1, max: 8, noNaN: true }) })

test('the square of a crop lies inside the picture, whatever its centre', () => {
  fc.assert(
    fc.property(size, crop, (picture, chosen) => {
      const { x, y, side } = squareOf(picture, chosen)
      expect(x).toBeGreaterThanOrEqual(0)
      expect(y).toBeGreaterThanOrEqual(0)
      expect(x + side).toBeLessThanOrEqual(picture.width + 1e-6)
      expect(y + side).toBeLessThanOrEqual(picture.height + 1e-6)
    }),
  )
})

test.each([
  ['the face', (picture: Size, chosen: Crop) => portraitPlace({ ...picture, crop: chosen }).place],
  ['the whole picture', wholePlace],
])('%s covers its circle, whatever the crop', (_what, placeOf) => {
  fc.assert(
    fc.property(size, crop, (picture, chosen) => {
      const place = placeOf(picture, chosen)
      const [left, top, width, height] = [place.left, place.top, place.width, place.height].map(Number.parseFloat)
      // The smallest size may begin half a pixel inside the circle.
      const slack = (50 * chosen.zoom) / Math.min(picture.width, picture.height) + 1e-6
      expect(left).toBeLessThanOrEqual(slack)
      expect(top).toBeLessThanOrEqual(slack)
      expect((left ?? 0) + (width ?? 0)).toBeGreaterThanOrEqual(100 - slack)
      expect((top ?? 0) + (height ?? 0)).toBeGreaterThanOrEqual(100 - slack)
    }),
  )
})

test('a settled crop shows the same square', () => {
  fc.assert(
    fc.property(size, crop, (picture, chosen) => {
      const before = squareOf(picture, chosen)
      const after = squareOf(picture, settledCrop(picture, chosen))
      expect(after.x).toBeCloseTo(before.x, 4)
      expect(after.y).toBeCloseTo(before.y, 4)
      expect(after.side).toBe(before.side)
    }),
  )
})

test('the whole middle of a picture is the smallest size, without a move', () => {
  const { file, place } = portraitPlace({ width: 1_600, height: 900, crop: wholeCrop })
  expect(file).toBe('96.webp')
  expect(place).toEqual({ left: '0%', top: '0%', width: '100%', height: '100%' })
})

test('a face at the edge, or far away, is cut out by the server and fills its circle', () => {
  const circle = { left: '0%', top: '0%', width: '100%', height: '100%' }
  const edge = portraitPlace({ width: 2_000, height: 1_000, crop: { x: 0, y: 0.5, zoom: 1 } })
  expect(edge).toEqual({ file: 'face-0-5000-10000.webp', place: circle })
  const far = portraitPlace({ width: 1_000, height: 1_000, crop: { x: 0.5, y: 0.5, zoom: 4 } })
  expect(far).toEqual({ file: 'face-5000-5000-40000.webp', place: circle })
})
