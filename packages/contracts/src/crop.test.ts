import { expect, test } from 'vitest'
import { faceFile } from './crop.ts'

test('each crop has a file of its own', () => {
  expect(faceFile({ x: 0.25, y: 1, zoom: 2.5 })).toBe('face-2500-10000-25000.webp')
  const crops = [0, 0.1, 0.5].flatMap((x) => [1, 1.01, 8].map((zoom) => faceFile({ x, y: 0.5, zoom })))
  expect(new Set(crops).size).toBe(9)
})
