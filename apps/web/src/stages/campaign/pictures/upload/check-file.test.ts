import { pictureTooLarge, pictureWords } from '@tablecast/contracts'
import { expect, test } from 'vitest'
import { checkFile, checkMapFile } from './check-file.ts'

const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0)
const check = (content: BlobPart, maxBytes = 1_000) =>
  checkFile(new Blob([content]), () => Promise.resolve(maxBytes)).then(
    () => 'sent',
    (error: Error) => error.message,
  )

test('a picture within the limit is sent', async () => {
  expect(await check(png, png.length)).toBe('sent')
})

test('a file is refused in the words of the server', async () => {
  expect(await check(png, png.length - 1)).toBe(pictureTooLarge(png.length - 1))
  expect(await check('')).toBe(pictureWords.empty)
  expect(await check('<svg xmlns="x"></svg>')).toBe(pictureWords.svg)
  expect(await check('# An adventure')).toBe(pictureWords.not_a_picture)
  expect(await check('\0\0\0\x18ftypheic\0\0\0\0mif1heic')).toBe(pictureWords.heic)
})

test('a map may be a picture or a text in JSON, within the limit', async () => {
  const checkMap = (content: BlobPart, maxBytes = 1_000) =>
    checkMapFile(new Blob([content]), () => Promise.resolve(maxBytes)).then(
      () => 'sent',
      (error: Error) => error.message,
    )
  expect(await checkMap(png)).toBe('sent')
  expect(await checkMap('{"format": 0.3}')).toBe('sent')
  expect(await checkMap('\ufeff  {"format": 0.3}')).toBe('sent')
  expect(await checkMap(png, png.length - 1)).toBe(pictureTooLarge(png.length - 1))
  expect(await checkMap('')).toBe(pictureWords.empty)
  expect(await checkMap('<svg xmlns="x"></svg>')).toBe(pictureWords.svg)
})
