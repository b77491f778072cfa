import { expect, test } from 'vitest'
import { pictureSources } from './picture-address.ts'

const picture = { name: 'abcdefghijklmnopqrstuv', thumbhash: '' }

test('the browser learns the real width of each size, also of an upright picture', () => {
  expect(pictureSources('c1', { ...picture, width: 4_000, height: 2_000 }, false).srcSet).toBe(
    '/media/c1/abcdefghijklmnopqrstuv/640.webp 640w, /media/c1/abcdefghijklmnopqrstuv/2560.webp 2560w',
  )
  expect(pictureSources('c1', { ...picture, width: 1_000, height: 2_000 }, false).srcSet).toBe(
    '/media/c1/abcdefghijklmnopqrstuv/640.webp 320w, /media/c1/abcdefghijklmnopqrstuv/2560.webp 1000w',
  )
})

test('a person who saves data gets the smaller size, and so does everyone for a small picture', () => {
  const small = { src: '/media/c1/abcdefghijklmnopqrstuv/640.webp' }
  expect(pictureSources('c1', { ...picture, width: 4_000, height: 2_000 }, true)).toEqual(small)
  expect(pictureSources('c1', { ...picture, width: 600, height: 640 }, false)).toEqual(small)
})
