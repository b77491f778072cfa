import { createContext, use } from 'react'
import type { MapView } from './map-view.ts'
import type { TableMap } from './table-map.ts'

/** `scale`: pixels of the screen for one pixel of the picture, when the map rests. */
export type MapAtHand = { view: MapView; map: TableMap; scale: number }

export const MapContext = createContext<MapAtHand | null>(null)

/** The map that the page draws. */
export function useMap(): MapAtHand {
  const map = use(MapContext)
  if (!map) throw new Error('useMap is called outside of a map')
  return map
}
