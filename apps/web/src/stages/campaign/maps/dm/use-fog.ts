import type { GameMap } from '@tablecast/contracts'
import { changed, type Fog, hiddenFog, readChange } from '@tablecast/maps/fog'
import { useEffect, useState } from 'react'
import { api } from '../../../../api.ts'
import { useLive } from '../../../../live/live-store.ts'
import type { Where } from '../../pictures/operate-pictures.ts'

type Known = { mapId: string; version: number; fog: Fog }

/**
 * The fog of a map, for a DM. It is asked for once; then each change of the map brings the bits that changed. Null until it has come.
 */
export function useFog({ roomId, campaignId }: Where, map: GameMap): Fog | null {
  const [known, setKnown] = useState<Known | null>(null)
  const isLive = useLive(({ link }) => link.kind === 'live')
  const next = followed(known, map)
  // Keeps each step, so that the next change finds the fog before it.
  if (next && next !== known) setKnown(next)
  const { id, width, height } = map
  const { version } = map.fog
  const isMissing = next === null
  useEffect(() => {
    if (!isMissing || !isLive) return
    const stop = new AbortController()
    api.maps.fog.query({ roomId, campaignId, mapId: id }, { signal: stop.signal }).then(
      (answer) => {
        const nothing = hiddenFog({ width, height })
        return setKnown({
          mapId: id,
          version: answer.version,
          fog: changed(nothing, readChange(answer.revealed, nothing)),
        })
      },
      // It is asked for again with the next change, or when the connection is back.
      () => {},
    )
    return () => stop.abort()
  }, [isMissing, isLive, roomId, campaignId, id, width, height, version])
  return next?.fog ?? (known?.mapId === id ? known.fog : null)
}

/** The fog after the newest change; null where a change before it is missing. A newer fog stands until the map has caught up. */
export function followed(
  known: Known | null,
  { id, width, height, fog: { version, change } }: Pick<GameMap, 'id' | 'width' | 'height' | 'fog'>,
): Known | null {
  if (known?.mapId !== id || known.fog.size.width !== width || known.fog.size.height !== height) return null
  if (known.version >= version) return known
  if (known.version !== version - 1 || change === null) return null
  return { mapId: id, version, fog: changed(known.fog, readChange(change, known.fog)) }
}
