import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shortened, startOf } from './start-of.ts'

it('a text within the limit stays as it is', () => {
  for (const text of ['', 'Mira', '🐉🐉']) expect(startOf(text, 4)).toBe(text)
})

it('a cut leaves out the character that it would split', () => {
  expect(startOf('Mira🐉', 5)).toBe('Mira')
  expect(startOf('Mira🐉s', 6)).toBe('Mira🐉')
  expect(startOf('Mire\u0301', 4)).toBe('Mir')
  expect(startOf('Ann 👩‍👩‍👧 Lee', 8)).toBe('Ann ')
  expect(startOf('AB 🇫🇷🇩🇪', 9)).toBe('AB 🇫🇷')
})

it('one character that is longer than the limit is cut all the same, and stays well formed', () => {
  const tower = `a${'\u0301'.repeat(200)}`
  expect(startOf(tower, 60)).toHaveLength(60)
  expect(startOf('👩‍👩‍👧', 1)).toBe('')
  expect(startOf('👩‍👩‍👧', 4).isWellFormed()).toBe(true)
})

it('the start of any text is well formed, within the limit, and of whole characters', () => {
  const segments = (text: string) => Array.from(new Intl.Segmenter('en').segment(text), ({ segment }) => segment)
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.nat({ max: 40 }), (text, max) => {
      const start = startOf(text, max)
      expect(start.length).toBeLessThanOrEqual(max)
      expect(text.startsWith(start)).toBe(true)
      expect(start.isWellFormed()).toBe(true)
      const [whole, kept] = [segments(text), segments(start)]
      if ((whole[0]?.length ?? 0) <= max) expect(kept).toEqual(whole.slice(0, kept.length))
    }),
  )
})

describe('a text that is cut', () => {
  it.each([
    ['Mira', 10, 'Mira'],
    ['Mira', 2, 'Mi'],
    ['a🐉b', 2, 'a'],
    ['a🐉b', 3, 'a🐉'],
    ['🐉', 1, ''],
  ])('%s at %i units is “%s”', (text, max, start) => expect(startOf(text, max)).toBe(start))

  it.each([
    ['Mira', 4, 'Mira'],
    ['Miranda', 4, 'Mir…'],
    ['ab🐉cd', 4, 'ab…'],
  ])('%s shortened to %i units is “%s”', (text, max, short) => expect(shortened(text, max)).toBe(short))
})
