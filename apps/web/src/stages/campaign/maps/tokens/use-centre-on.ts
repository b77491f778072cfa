import { type RefObject, useEffect } from 'react'
import type { MapView } from '../view/map-view.ts'
import type { TableToken } from './table-tokens.ts'

/** Centres the map on the token whose turn begins, for a person who wants it. */
export function useCentreOnActing(
  view: RefObject<MapView | null>,
  tokens: readonly TableToken[],
  isWanted: boolean,
): void {
  const acting = tokens.find(({ isActing }) => isActing)
  const actingId = acting?.id
  useEffect(() => {
    if (isWanted && acting) view.current?.lookAt({ at: acting })
    // A token that moves in its turn is not followed.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [isWanted, actingId, view])
}
