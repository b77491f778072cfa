import type { AreaShape } from '@tablecast/contracts'
import { type Grid, isTokenInside } from '@tablecast/maps/grid'
import type { TableToken } from '../tokens/table-tokens.ts'

/** “Circle, 20 ft” */
export function areaInWords({ size, scale, unit }: Grid, shape: AreaShape): string {
  const length = (pixels: number) => `${Math.round((pixels / size) * scale * 10) / 10} ${unit}`
  switch (shape.kind) {
    case 'circle':
      return `Circle, radius ${length(shape.radius)}`
    case 'square':
      return `Square, side ${length(shape.side)}`
    case 'cone':
      return `Cone, ${length(shape.length)}`
    case 'line':
      return `Line, ${length(shape.length)}`
  }
}

export const tokensInside = (grid: Grid, shape: AreaShape, tokens: readonly TableToken[]): TableToken[] =>
  tokens.filter(({ x, y, size }) => isTokenInside(grid, shape, { x, y }, size))
