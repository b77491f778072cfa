import type { PlayerMapProps } from '../maps/player/PlayerMap.tsx'
import { loadPlayerMap } from '../maps/later-parts.ts'
import { usePartWhenLive } from '../use-later-part.ts'

/** The map that the DM shows. Its code loads when there is one. */
export function TableMap(props: PlayerMapProps) {
  const { Part: PlayerMap } = usePartWhenLive(loadPlayerMap, true)
  if (PlayerMap) return <PlayerMap {...props} />
  return (
    <p role="status" className="text-soft m-auto p-4 text-sm">
      The map is loading…
    </p>
  )
}
