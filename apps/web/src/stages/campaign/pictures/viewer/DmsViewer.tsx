import type { CampaignState } from '@tablecast/contracts'
import { titleOfScene } from '../SceneBanner.tsx'
import { sceneOfDms } from '../shown.ts'
import { ViewerHost } from './ViewerHost.tsx'

/** A handout that a DM holds up does not cover the DM's own page. */
export const DmsViewer = ({ state }: { state: CampaignState }) => (
  <ViewerHost scene={sceneOfDms(state)} title={titleOfScene(state.scene)} presentedId={null} />
)
