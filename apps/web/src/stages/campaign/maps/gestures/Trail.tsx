import type { MapPoint } from '@tablecast/contracts'
import { useMap } from '../view/map-context.ts'
import type { TrailPlace } from './seen-gestures.ts'

/** The way of a pointer in the last second. Each part fades by its style, and none is drawn for people who want less motion. */
export function Trail({ trail, to }: { trail: readonly TrailPlace[]; to: MapPoint }) {
  const { map } = useMap()
  return (
    <svg aria-hidden="true" viewBox={`0 0 ${map.width} ${map.height}`} className="map-layer" data-testid="trail">
      {trail.map(({ place, at }, index) => {
        const end = trail[index + 1]?.place ?? to
        return <line key={at} x1={place.x} y1={place.y} x2={end.x} y2={end.y} className="map-trail" />
      })}
    </svg>
  )
}
