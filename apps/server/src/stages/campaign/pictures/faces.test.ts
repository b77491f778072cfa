import { Readable } from 'node:stream'
import { PictureRefused } from '@tablecast/media'
import { expect, test } from 'vitest'
import { Faces } from './faces.ts'

const picture = { hash: 'a'.repeat(64), width: 2_000, height: 1_000 }
const crop = (zoom: number) => ({ x: 0.5, y: 0.5, zoom })

/** Faces whose cutting fails while `fails` is true. */
function opened() {
  const cuts: { variant: string; side: number }[] = []
  const state = { fails: false, atOnce: 0, most: 0, variant: '' }
  const faces = new Faces(
    {
      read: (_hash, variant) => {
        state.variant = variant
        return Promise.resolve({ bytes: 1, body: Readable.from(['x']) })
      },
    },
    {
      cut: async (_body, { side }) => {
        state.most = Math.max(state.most, ++state.atOnce)
        cuts.push({ variant: state.variant, side })
        await new Promise((resolve) => setImmediate(resolve))
        state.atOnce--
        if (state.fails) throw new PictureRefused('busy')
        return Buffer.from('face')
      },
    },
  )
  return { faces, cuts, state }
}

test('a face that many people load is cut once, and several faces one after the other', async () => {
  const { faces, cuts, state } = opened()
  const asked = Array.from({ length: 100 }, (_, n) => faces.face(picture, crop(2 + (n % 4))))
  expect(new Set((await Promise.all(asked)).map(String))).toEqual(new Set(['face']))
  expect([cuts.length, state.most]).toEqual([4, 1])
})

test('a face is cut out of the smallest size that has its pixels', async () => {
  const { faces, cuts } = opened()
  await faces.face(picture, crop(3))
  await faces.face(picture, crop(8))
  expect(cuts).toEqual([
    { variant: '640', side: 320 / 3 },
    { variant: '2560', side: 125 },
  ])
})

test('a face that could not be cut is cut for the next person who asks', async () => {
  const { faces, state } = opened()
  state.fails = true
  await expect(faces.face(picture, crop(2))).rejects.toThrow(PictureRefused)
  state.fails = false
  expect(String(await faces.face(picture, crop(2)))).toBe('face')
})

test('the newest 500 faces are remembered', async () => {
  const { faces, cuts } = opened()
  for (let n = 0; n < 501; n++) await faces.face(picture, crop(2 + n / 100))
  await faces.face(picture, crop(2 + 500 / 100))
  expect(cuts).toHaveLength(501)
  await faces.face(picture, crop(2))
  expect(cuts).toHaveLength(502)
})
