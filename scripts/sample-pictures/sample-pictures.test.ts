import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { chapel } from './chapel.ts'
import { corvin, mira, sable, tobin } from './portraits.ts'
import { tideTable } from './tide-table.ts'

const folder = fileURLToPath(new URL('../../apps/server/src/stages/campaign/sample-pictures', import.meta.url))
const names = ['chapel', 'corvin', 'mira', 'sable', 'tide-table', 'tobin']

describe('the pictures of the sample campaign', () => {
  it('take at most 600 kB in all', async () => {
    // The map is in a folder of its own, with limits of its own.
    const files = (await readdir(folder)).filter((name) => name !== 'chapel-map')
    const sizes = await Promise.all(files.map(async (file) => (await readFile(join(folder, file))).byteLength))
    expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(600_000)
  })

  it('are WebP files of the sizes that belong to each variant, without metadata', async () => {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.webp'))
    const sizes = JSON.parse(await readFile(join(folder, 'sizes.json'), 'utf8')) as Record<
      string,
      { width: number; height: number; thumbhash: string }
    >
    expect(Object.keys(sizes).toSorted()).toEqual(names)
    for (const [name, { width, height, thumbhash }] of Object.entries(sizes)) {
      const variants = Math.max(width, height) > 640 ? ['2560', '640', '96'] : ['640', '96']
      expect(files.filter((file) => file.startsWith(`${name}-`)).toSorted()).toEqual(
        variants.map((variant) => `${name}-${variant}.webp`).toSorted(),
      )
      for (const variant of variants) {
        const found = await sharp(join(folder, `${name}-${variant}.webp`)).metadata()
        expect(found).toMatchObject({ format: 'webp', hasAlpha: false })
        expect([found.exif, found.icc, found.xmp]).toEqual([undefined, undefined, undefined])
        const edge = Math.min(Number(variant), Math.max(width, height))
        expect(Math.max(found.width, found.height)).toBe(edge)
        if (variant === '96') expect([found.width, found.height]).toEqual([96, 96])
        else expect(found.width / found.height).toBeCloseTo(width / height, 2)
      }
      expect(Buffer.from(thumbhash, 'base64').length).toBeGreaterThan(4)
    }
  })

  it('show something at every size: no variant is of one colour', async () => {
    for (const name of names) {
      const { channels } = await sharp(join(folder, `${name}-96.webp`)).stats()
      expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(15)
    }
  })

  it.each(Object.entries({ chapel, mira, tobin, sable, corvin, tideTable }))(
    'are drawn the same every time: %s',
    (_name, draw) => {
      const drawing = draw()
      expect(draw()).toBe(drawing)
      expect(drawing).not.toMatch(/NaN|undefined|Infinity/)
      // Nothing from elsewhere: each is drawn with shapes and words alone.
      expect(drawing).not.toMatch(/<image|href|url\((?!#)/)
    },
  )
})
