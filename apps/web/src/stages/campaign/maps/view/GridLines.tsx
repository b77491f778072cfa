import { CORNER, type Grid, isHex } from '@tablecast/maps/grid'
import { useId } from 'react'
import type { TableMap } from './table-map.ts'

/** The lines between the cells: a piece that is repeated over the map. */
export function GridLines({ map: { width, height, grid } }: { map: Pick<TableMap, 'width' | 'height' | 'grid'> }) {
  const id = useId()
  const { offset } = grid
  const piece = pieceOf(grid)
  return (
    <svg aria-hidden="true" viewBox={`0 0 ${width} ${height}`} className="map-layer">
      <pattern
        id={id}
        x={offset.x}
        y={offset.y}
        width={piece.width}
        height={piece.height}
        patternUnits="userSpaceOnUse"
      >
        <path d={piece.lines} className="map-grid" />
      </pattern>
      <rect width={width} height={height} fill={`url(#${id})`} />
    </svg>
  )
}

function pieceOf(grid: Grid): { width: number; height: number; lines: string } {
  const { size, kind } = grid
  if (!isHex(grid)) return { width: size, height: size, lines: `M ${size} 0 H 0 V ${size}` }
  // Two rows of cells, from the top corner of the first to that of the third.
  const side = CORNER * size
  const strokes = [
    [
      [0, side / 2],
      [size / 2, 0],
      [size, side / 2],
    ],
    [
      [0, side / 2],
      [0, (side * 3) / 2],
      [size / 2, side * 2],
      [size, (side * 3) / 2],
    ],
    [
      [size / 2, side * 2],
      [size / 2, side * 3],
    ],
  ] as const
  const place = ([x, y]: readonly [number, number]) => (kind === 'hex-rows' ? `${x} ${y}` : `${y} ${x}`)
  const lines = strokes.map((stroke) => `M ${stroke.map(place).join(' L ')}`).join(' ')
  return kind === 'hex-rows' ? { width: size, height: side * 3, lines } : { width: side * 3, height: size, lines }
}
