import type { ReactNode } from 'react'
import { AsWritten, Guard } from '../../../../ui/guard.tsx'
import { loadStillMap } from '../../maps/later-parts.ts'
import { Narrative } from '../../Narrative.tsx'
import { HandoutShelf } from '../../pictures/HandoutShelf.tsx'
import { PlayersEyes } from '../../pictures/players-eyes.ts'
import { SceneBanner } from '../../pictures/SceneBanner.tsx'
import { PartyAndTurns } from '../../sheet/PartyAndTurns.tsx'
import { World } from '../../sheet/World.tsx'
import { usePartWhenLive } from '../../use-later-part.ts'
import { SeenSheets } from './SeenSheets.tsx'
import type { campaignIn } from './viewed.ts'

type Props = {
  roomId: string
  campaign: NonNullable<ReturnType<typeof campaignIn>>
  /** The player whose own characters are marked; null for what all players share. */
  memberId: string | null
  /** `phone`: in one column. `window`: as wide as the window, as on the player’s own screen. */
  shape: 'phone' | 'window'
}

/** The table in a player’s eyes, to look at and not to play. */
export function SeenTable({ roomId, campaign, memberId, shape }: Props) {
  const { view, entries } = campaign
  const { Part: StillMap } = usePartWhenLive(loadStillMap, view.map !== null)
  const story = (
    <>
      <SceneBanner scene={view.scenePicture} text={view.scene} />
      <Narrative
        entries={entries}
        more={false}
        label="Story as players see it"
        isUnderScene={Boolean(view.scenePicture)}
      />
    </>
  )
  const map = view.map && StillMap && <StillMap campaignId={campaign.id} view={view} />
  const party = (
    <>
      <PartyAndTurns view={view} myId={memberId} />
      {memberId !== null && (
        <SeenSheets
          where={{ roomId, campaignId: campaign.id }}
          sheets={campaign.sheets}
          characters={view.characters}
          memberId={memberId}
        />
      )}
    </>
  )
  const world = (
    <>
      <World view={view} />
      <HandoutShelf handouts={view.handouts} />
    </>
  )
  return (
    <PlayersEyes value={view}>
      <Guard of={view} instead={<AsWritten text="This view can’t be drawn. The table is safe on the server." />}>
        {shape === 'phone' ? (
          <InPhone map={map} story={story}>
            {party}
            {world}
          </InPhone>
        ) : (
          <InWindow map={map} story={story} party={party} world={world} />
        )}
      </Guard>
    </PlayersEyes>
  )
}

function InPhone({ map, story, children }: { map: ReactNode; story: ReactNode; children: ReactNode }) {
  return (
    <div className="border-line bg-page mx-auto max-w-sm overflow-hidden rounded-3xl border-4">
      {map && <div className="border-line flex h-72 border-b">{map}</div>}
      <div className="relative flex h-96 flex-col [--banner:6rem]">{story}</div>
      <div className="p-4">{children}</div>
    </div>
  )
}

type InWindowProps = { map: ReactNode; story: ReactNode; party: ReactNode; world: ReactNode }

function InWindow({ map, story, party, world }: InWindowProps) {
  const side = 'border-line shrink-0 p-4 lg:w-72 lg:overflow-y-auto'
  return (
    <div className="flex grow flex-col lg:min-h-0 lg:flex-row">
      <aside aria-label="Party and turns" tabIndex={0} className={`${side} border-b lg:border-r lg:border-b-0`}>
        {party}
      </aside>
      <div className="flex min-w-0 grow flex-col xl:flex-row">
        {map && <div className="flex h-[60dvh] min-w-0 xl:h-auto xl:flex-2">{map}</div>}
        <div className="relative flex h-[80dvh] min-w-0 grow flex-col lg:h-auto lg:min-h-0 xl:flex-1">{story}</div>
      </div>
      <aside aria-label="Scene and story" tabIndex={0} className={`${side} border-t lg:border-t-0 lg:border-l`}>
        {world}
      </aside>
    </div>
  )
}
