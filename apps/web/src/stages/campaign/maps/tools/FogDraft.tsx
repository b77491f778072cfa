import { useMap } from '../view/map-context.ts'
import type { FogDraft as Draft } from './draft.ts'
import '../areas/areas.css'

/** The shape that a DM is drawing, before it changes the fog. */
export function FogDraft({ draft, reveals }: { draft: Draft; reveals: boolean }) {
  const { map } = useMap()
  const look = `map-stroke ${reveals ? '' : 'is-hiding'}`
  return (
    <svg aria-hidden="true" viewBox={`0 0 ${map.width} ${map.height}`} className="map-layer" data-testid="draft">
      {draft.kind === 'rectangle' && (
        <rect
          x={Math.min(draft.from.x, draft.to.x)}
          y={Math.min(draft.from.y, draft.to.y)}
          width={Math.abs(draft.to.x - draft.from.x)}
          height={Math.abs(draft.to.y - draft.from.y)}
          className={look}
        />
      )}
      {draft.kind === 'polygon' && <polygon points={pointsOf(draft.points)} className={look} />}
      {draft.kind === 'polygon' && draft.points[0] && (
        <circle cx={draft.points[0].x} cy={draft.points[0].y} r={map.grid.size / 4} className={look} />
      )}
      {draft.kind === 'brush' && (
        <polyline
          points={pointsOf(draft.points.length === 1 ? [...draft.points, ...draft.points] : draft.points)}
          className={`map-brush ${reveals ? '' : 'is-hiding'}`}
          strokeWidth={draft.radius * 2}
        />
      )}
    </svg>
  )
}

const pointsOf = (points: readonly { x: number; y: number }[]): string =>
  points.map(({ x, y }) => `${x},${y}`).join(' ')
