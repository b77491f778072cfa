import type { Grid } from '@tablecast/maps/grid'
import { expect, it } from 'vitest'
import { lengthInWords, listed, placeInWords, tokenInWords } from './token-words.ts'

const grid: Grid = { kind: 'square', size: 64, offset: { x: 0, y: 0 }, scale: 5, unit: 'ft' }
const at = (name: string, column: number, row: number, size = 1) => ({
  id: name,
  name,
  x: (column - 0.5) * 64,
  y: (row - 0.5) * 64,
  size,
})

it('the words of a token name its row, its column and the tokens beside it', () => {
  const mira = at('Mira', 7, 5)
  const all = [mira, at('Goblin 2', 8, 6), at('Goblin 3', 9, 5), at('Tobin', 6, 5)]
  expect(tokenInWords(grid, mira, all)).toBe('Mira, row 5, column 7, next to Goblin 2 and Tobin')
  expect(tokenInWords(grid, mira, [mira])).toBe('Mira, row 5, column 7')
})

it('a large token has others beside it at its edge', () => {
  const ogre = { ...at('Ogre', 4, 4, 2), x: 256, y: 256 }
  expect(tokenInWords(grid, at('Mira', 6, 4), [ogre])).toBe('Mira, row 4, column 6, next to Ogre')
  expect(tokenInWords(grid, at('Mira', 7, 4), [ogre])).toBe('Mira, row 4, column 7')
})

it('without cells the words of a place name its distance from the edges', () => {
  expect(placeInWords({ ...grid, kind: 'none' }, { x: 128, y: 96 })).toBe('10 ft from the left, 7.5 ft from the top')
})

it('the words of a path name its length, as diagonals count', () => {
  const path = [
    { x: 32, y: 32 },
    { x: 160, y: 160 },
  ]
  expect(lengthInWords(grid, path, 'one')).toBe('10 ft')
  expect(lengthInWords(grid, path, 'one-and-two')).toBe('15 ft')
  expect(lengthInWords(grid, path, 'exact')).toBe('14.1 ft')
})

it('names are joined as people say them', () => {
  expect(['', 'A', 'A and B', 'A, B and C']).toEqual([[], ['A'], ['A', 'B'], ['A', 'B', 'C']].map(listed))
})
