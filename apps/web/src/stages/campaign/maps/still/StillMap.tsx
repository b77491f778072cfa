import type { PlayerView } from '@tablecast/contracts'
import { changed, hiddenFog, readChange } from '@tablecast/maps/fog'
import { useMemo, useRef } from 'react'
import { AreaLayer } from '../areas/AreaLayer.tsx'
import { TokenFace } from '../tokens/TokenFace.tsx'
import { type TableToken, tokensOfPlayers } from '../tokens/table-tokens.ts'
import { tokenInWords } from '../tokens/token-words.ts'
import { BlockCanvas } from '../view/BlockCanvas.tsx'
import { useMap } from '../view/map-context.ts'
import { MapStage } from '../view/MapStage.tsx'
import type { MapView } from '../view/map-view.ts'
import { placeStyle } from '../view/place-style.ts'
import { mapOfPlayers } from '../view/table-map.ts'
import { useScreenPart } from './use-screen-part.ts'

type Props = {
  campaignId: string
  view: PlayerView
  /** For a screen that is looked at from afar: what players see fills the screen, and the acting token has its name. */
  isForScreen?: boolean
}

/** The map that the DM shows, as players see it, to look at and not to play on. */
export function StillMap({ campaignId, view, isForScreen = false }: Props) {
  const { map: shown, tiles } = view
  const map = useMemo(() => mapOfPlayers(campaignId, { map: shown, tiles }), [campaignId, shown, tiles])
  const sight = useMemo(() => {
    if (!map || map.inSight === null) return null
    const nothing = hiddenFog(map)
    return changed(nothing, readChange(map.inSight, nothing))
  }, [map])
  const mapView = useRef<MapView | null>(null)
  const isReady = useScreenPart({ map, tokens: view.tokens, mapView }, isForScreen)
  if (!map || !isReady) return null
  const tokens = tokensOfPlayers(view, '', true)
  return (
    <section aria-label={`Map: ${map.title}`} className="map-section relative flex min-h-0 min-w-0 grow flex-col">
      <MapStage key={map.id} map={map} tool={null} onPing={null} viewRef={mapView}>
        {sight && <BlockCanvas fog={sight} darkness={0.5} label="explored" />}
        <AreaLayer areas={view.areas.map((area) => ({ ...area, isHidden: false }))} />
        {tokens.map((token) => (
          <StillToken key={token.id} token={token} all={tokens} isNamed={isForScreen && token.isActing} />
        ))}
      </MapStage>
    </section>
  )
}

function StillToken({ token, all, isNamed }: { token: TableToken; all: readonly TableToken[]; isNamed: boolean }) {
  const { map } = useMap()
  const looks = ['map-token', token.isActing && 'is-acting', token.isDefeated && 'is-defeated']
  const side = `${((token.size * map.grid.size) / map.width) * 100}%`
  return (
    <div
      role="img"
      aria-label={tokenInWords(map.grid, token, all)}
      data-token={token.id}
      className={looks.filter(Boolean).join(' ')}
      style={{ ...placeStyle(map, token), width: side, aspectRatio: '1' }}
    >
      <TokenFace token={token} isNamed={isNamed} />
    </div>
  )
}
