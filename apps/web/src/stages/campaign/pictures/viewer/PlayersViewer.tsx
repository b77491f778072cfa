import type { PlayerView } from '@tablecast/contracts'
import { useLive } from '../../../../live/live-store.ts'
import { titleOfScene } from '../SceneBanner.tsx'
import { ViewerHost } from './ViewerHost.tsx'

/** A handout that the DM holds up before everyone, or before this player alone, opens by itself. */
export function PlayersViewer({ view }: { view: PlayerView }) {
  const own = useLive((state) => state.own)
  const presented = view.presented ?? own?.view.presented ?? null
  return (
    <ViewerHost scene={view.scenePicture} title={titleOfScene(view.scene)} presentedId={presented?.handoutId ?? null} />
  )
}
