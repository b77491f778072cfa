import type { AreaShape } from '@tablecast/contracts'
import { outlineOf } from './outline.ts'
import './areas.css'

/** The edge of an area, inside an SVG in the picture's places. */
export function AreaOutline({ shape, className }: { shape: AreaShape; className: string }) {
  if (shape.kind === 'circle')
    return <circle cx={shape.centre.x} cy={shape.centre.y} r={shape.radius} className={className} />
  return (
    <polygon
      points={outlineOf(shape)
        .map(({ x, y }) => `${x},${y}`)
        .join(' ')}
      className={className}
    />
  )
}
