import {
  type CampaignState,
  entryForPlayers,
  isForPlayers,
  type NarrativeEntry,
  playerView,
} from '@tablecast/contracts'
import { Narrative } from '../Narrative.tsx'
import { PartyAndTurns } from '../sheet/PartyAndTurns.tsx'
import { World } from '../sheet/World.tsx'

const MAX_ENTRIES = 30

type Props = { state: CampaignState; entries: readonly NarrativeEntry[] }

/** What the players see, made by the functions with which the server makes their view. */
export function PlayersPreview({ state, entries }: Props) {
  const view = playerView(state)
  const newest = entries.filter(isForPlayers).map(entryForPlayers).slice(-MAX_ENTRIES)
  return (
    <div className="border-line bg-page mx-auto max-w-sm overflow-hidden rounded-3xl border-4">
      <div className="flex h-96 flex-col">
        <Narrative entries={newest} more={false} label="Story as players see it" />
      </div>
      <div className="p-4">
        <PartyAndTurns view={view} myId={null} />
        <World view={view} />
      </div>
    </div>
  )
}
