import { Maximize, Minus, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '../../../../ui/button.tsx'
import { useMap } from './map-context.ts'

/** At the corner of the map: nearer, farther, the whole map, and what the page adds. */
export function MapButtons({ children }: { children?: ReactNode }) {
  const { view } = useMap()
  return (
    <div role="group" aria-label="View of the map" className="map-buttons">
      {children}
      <IconButton look="plain" label="Zoom in" onClick={() => view.zoomBy(1)}>
        <Plus size={18} />
      </IconButton>
      <IconButton look="plain" label="Zoom out" onClick={() => view.zoomBy(-1)}>
        <Minus size={18} />
      </IconButton>
      <IconButton look="plain" label="Show the whole map" onClick={() => view.showAll()}>
        <Maximize size={18} />
      </IconButton>
    </div>
  )
}
