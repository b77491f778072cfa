import { useId } from 'react'
import type { TableMap } from './table-map.ts'

/** The lines of a square grid. */
export function GridLines({ map: { width, height, grid } }: { map: Pick<TableMap, 'width' | 'height' | 'grid'> }) {
  const id = useId()
  const { size, offset } = grid
  return (
    <svg aria-hidden="true" viewBox={`0 0 ${width} ${height}`} className="map-layer">
      <pattern id={id} x={offset.x} y={offset.y} width={size} height={size} patternUnits="userSpaceOnUse">
        <path d={`M ${size} 0 H 0 V ${size}`} className="map-grid" />
      </pattern>
      <rect width={width} height={height} fill={`url(#${id})`} />
    </svg>
  )
}
