import { expect, test } from 'vitest'
import { judgedKind, pictureKind } from './picture-kind.ts'

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const refusalOf = (start: Uint8Array) => judgedKind(start).refusal
const utf16 = (text: string) => bytes(`\xff\xfe${text.replaceAll(/./g, '$&\0')}`)
const boxes = (brands: string) =>
  bytes(`\0\0\0${String.fromCharCode(16 + brands.length)}ftyp${brands.slice(0, 4)}\0\0\0\0${brands}`)

test.each([
  ['\x89PNG\r\n\x1a\nIHDR', 'png'],
  ['\xff\xd8\xff\xe0', 'jpeg'],
  ['RIFF\x10\0\0\0WEBPVP8 ', 'webp'],
  ['GIF89a', 'gif'],
  ['<?xml version="1.0"?>\n<SVG xmlns="x">', 'svg'],
  ['<!DOCTYPE  svg PUBLIC', 'svg'],
  ['MZ\x90 a program', 'other'],
  ['\0\0', 'other'],
])('a file that begins with %j is %s', (start, kind) => {
  expect(pictureKind(bytes(start))).toBe(kind)
})

test('a file of boxes is judged by the formats that it names, and a script in UTF-16 is found', () => {
  expect(pictureKind(boxes('mif1avif'))).toBe('avif')
  expect(pictureKind(boxes('heicmif1'))).toBe('heic')
  expect(pictureKind(boxes('isommp42'))).toBe('other')
  expect(pictureKind(utf16('<svg onload="alert(1)">'))).toBe('svg')
})

test('bytes from the middle of a larger buffer are judged like those of a file', () => {
  const all = Uint8Array.of(1, 2, 3, ...boxes('heicmif1'))
  expect(pictureKind(all.subarray(3))).toBe('heic')
})

test('a refusal has its reason, and a picture has none', () => {
  const starts = ['', '<svg>', 'MZ', '\xff\xd8\xff\xe0']
  expect(starts.map((start) => refusalOf(bytes(start)))).toEqual(['empty', 'svg', 'not_a_picture', null])
  expect(refusalOf(boxes('heicmif1'))).toBe('heic')
})
