import { type RefObject, useEffect } from 'react'
import { useSeenGestures } from '../gestures/seen-gestures.ts'
import type { MapView } from '../view/map-view.ts'

/** Moves the map to the part that a DM shows, for a player who follows. */
export function useFollowedView(view: RefObject<MapView | null>, mapId: string, isWanted: boolean): void {
  const shown = useSeenGestures(({ people }) => {
    for (const { by, mapId: of, gesture } of people.values())
      if (by.isDm && of === mapId && gesture.kind === 'view') return gesture
    return null
  })
  useEffect(() => {
    if (isWanted && shown) view.current?.lookAt(shown)
  }, [view, isWanted, shown])
}
