import {
  type CampaignState,
  entryForPlayers,
  isForPlayers,
  type NarrativeEntry,
  playerView,
} from '@tablecast/contracts'
import { Narrative } from '../Narrative.tsx'
import { HandoutShelf } from '../pictures/HandoutShelf.tsx'
import { PlayersEyes } from '../pictures/players-eyes.ts'
import { SceneBanner } from '../pictures/SceneBanner.tsx'
import { PartyAndTurns } from '../sheet/PartyAndTurns.tsx'
import { World } from '../sheet/World.tsx'

const MAX_ENTRIES = 30

type Props = { state: CampaignState; entries: readonly NarrativeEntry[] }

/** The players’ view, made by the same functions as the server makes it with. */
export function PlayersPreview({ state, entries }: Props) {
  const view = playerView(state)
  const newest = entries.filter(isForPlayers).map(entryForPlayers).slice(-MAX_ENTRIES)
  return (
    <PlayersEyes value={view}>
      <div className="border-line bg-page mx-auto max-w-sm overflow-hidden rounded-3xl border-4">
        <div className="relative flex h-96 flex-col [--banner:6rem]">
          <SceneBanner scene={view.scenePicture} text={view.scene} />
          <Narrative
            entries={newest}
            more={false}
            label="Story as players see it"
            isUnderScene={Boolean(view.scenePicture)}
          />
        </div>
        <div className="p-4">
          <PartyAndTurns view={view} myId={null} />
          <World view={view} />
          <HandoutShelf handouts={view.handouts} />
        </div>
      </div>
    </PlayersEyes>
  )
}
