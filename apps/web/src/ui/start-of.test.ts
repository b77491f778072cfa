import { describe, expect, it } from 'vitest'
import { shortened, startOf } from './start-of.ts'

describe('A text that is cut', () => {
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
