import type { AreaShape } from '@tablecast/contracts'
import { useMap } from '../view/map-context.ts'
import { AreaOutline } from './AreaOutline.tsx'

/** An area that lies on the map. `isHidden`: from players. */
export type TableArea = { id: string; shape: AreaShape; ownerId: string; isHidden: boolean }

export function AreaLayer({ areas }: { areas: readonly TableArea[] }) {
  const { map } = useMap()
  return (
    <svg aria-hidden="true" viewBox={`0 0 ${map.width} ${map.height}`} className="map-layer">
      {areas.map(({ id, shape, isHidden }) => (
        <AreaOutline key={id} shape={shape} className={`map-area ${isHidden ? 'is-hidden' : ''}`} />
      ))}
    </svg>
  )
}
