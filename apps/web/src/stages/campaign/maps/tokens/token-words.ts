// Tokens in words: where each one stands, and next to whom. A map is never the only way to know something.
import { cellAt, cellsApart, lengthOfPath, type Diagonals, type Grid, type Point } from '@tablecast/maps/grid'
import type { TableToken } from './table-tokens.ts'

/** “row 5, column 7”, or how far it is from the corner where there are no cells. */
export function placeInWords(grid: Grid, { x, y }: Point): string {
  if (grid.kind === 'none') {
    const length = (pixels: number) => inUnit(grid, (pixels / grid.size) * grid.scale)
    return `${length(x)} from the left, ${length(y)} from the top`
  }
  const { column, row } = cellAt(grid, { x, y })
  return `row ${row + 1}, column ${column + 1}`
}

type Standing = Pick<TableToken, 'id' | 'name' | 'x' | 'y' | 'size'>

/** The tokens beside one, where it stands or would stand. */
const neighbours = (grid: Grid, token: Standing, all: readonly Standing[]): string[] =>
  all
    .filter(({ id }) => id !== token.id)
    .filter((other) => cellsApart(grid, asCells(token), asCells(other)) <= 1)
    .map(({ name }) => name)

const asCells = ({ x, y, size }: Standing) => ({ centre: { x, y }, cells: size })

/** “Mira, row 5, column 7, next to Goblin 2” */
export const tokenInWords = (grid: Grid, token: Standing, all: readonly Standing[]): string =>
  `${token.name}, ${placeAndNeighbours(grid, token, all)}`

/** “row 5, column 7, next to Goblin 2” */
export function placeAndNeighbours(grid: Grid, token: Standing, all: readonly Standing[]): string {
  const beside = neighbours(grid, token, all)
  const next = beside.length > 0 ? `, next to ${listed(beside)}` : ''
  return `${placeInWords(grid, token)}${next}`
}

/** “25 ft”, along a path. */
export const lengthInWords = (grid: Grid, path: readonly Point[], diagonals: Diagonals): string =>
  inUnit(grid, lengthOfPath(grid, path, diagonals))

const inUnit = ({ unit }: Grid, length: number): string =>
  `${Number.isInteger(length) ? length : length.toFixed(1)} ${unit}`

export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`
