import { readFile, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { expect, it } from 'vitest'

const inRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const moving = 'docs/images/table.webp'
const still = 'docs/images/table-still.webp'

it('the README has a moving picture of at most 2 MB that shows for 8 to 12 seconds and begins again', async () => {
  const { pages, delay, loop, width } = await sharp(inRoot(moving), { animated: true }).metadata()
  expect(pages).toBeGreaterThan(5)
  const seconds = (delay ?? []).reduce((sum, ms) => sum + ms, 0) / 1_000
  expect(seconds).toBeGreaterThanOrEqual(8)
  expect(seconds).toBeLessThanOrEqual(12)
  expect(loop).toBe(0)
  expect(width).toBe(1_200)
  expect((await stat(inRoot(moving))).size).toBeLessThanOrEqual(2_000_000)
})

it('people who want less motion get a still picture of the same size', async () => {
  const readme = await readFile(inRoot('README.md'), 'utf8')
  expect(readme).toContain(`<source media="(prefers-reduced-motion: reduce)" srcset="${still}">`)
  expect(readme).toMatch(new RegExp(`<img src="${moving}" alt="[^"]{40,}"`))
  const [a, b] = await Promise.all([moving, still].map((path) => sharp(inRoot(path)).metadata()))
  expect([b?.width, b?.height]).toEqual([a?.width, a?.height])
  expect(b?.pages ?? 1).toBe(1)
})
