import type { NarrativeEntry, PlayerView as View } from '@tablecast/contracts'
import type { ReactNode } from 'react'
import { Narrative } from '../Narrative.tsx'
import { useStoryBeside } from '../maps/story-beside.ts'
import { HandoutShelf } from '../pictures/HandoutShelf.tsx'
import { SceneBanner } from '../pictures/SceneBanner.tsx'
import { useHandouts } from '../pictures/use-handouts.ts'
import type { OwnCampaign } from '../sheet/OwnCharacter.tsx'
import { PartyAndTurns } from '../sheet/PartyAndTurns.tsx'
import { World } from '../sheet/World.tsx'
import type { TablePart } from './TablePartTabs.tsx'
import { WithNotes } from './WithNotes.tsx'

type Props = {
  view: View
  entries: readonly NarrativeEntry[]
  more: boolean
  myId: string
  loadOlder: () => Promise<unknown>
  own: OwnCampaign
  isSpectator: boolean
  /** Null while the DM shows none. */
  map: ReactNode
  /** The part that a small screen shows. */
  part: TablePart
  /** After the newest entry. */
  tail: ReactNode
  tailKey: string | number
  /** Under the story: where the player writes. */
  children: ReactNode
}

/** The table as a player sees it, from the player's view alone. */
export function PlayerView(props: Props) {
  const { view, entries, more, myId, loadOlder, own, isSpectator, map, part, tail, tailKey, children } = props
  const isStoryOpen = useStoryBeside(({ isOpen }) => isOpen)
  const side = (is: TablePart) => `${part === is ? '' : 'hidden'} min-h-0 grow overflow-y-auto p-4 md:block print:block`
  return (
    <div
      className={`flex min-h-0 grow flex-col max-md:relative max-md:isolate md:flex-row print:flex-col ${map ? 'table-with-map' : ''} ${map && !isStoryOpen ? 'table-story-away' : ''}`}
    >
      {map && (
        <div
          data-place="map"
          className={`${part === 'map' ? 'flex' : 'part-away'} min-h-0 min-w-0 grow md:flex print:hidden`}
        >
          {map}
        </div>
      )}
      <div
        data-place="story"
        className={`${part === 'story' ? 'flex' : 'part-away'} min-h-0 min-w-0 grow flex-col md:flex lg:order-2 print:flex`}
      >
        <WithNotes
          roomId={own.roomId}
          campaign={{ id: own.campaignId, entries }}
          isUnderScene={Boolean(view.scenePicture)}
        >
          <SceneBanner scene={view.scenePicture} text={view.scene} />
          <Narrative
            entries={entries}
            more={more}
            loadOlder={loadOlder}
            tail={tail}
            tailKey={tailKey}
            place={{ ...own, myId, isDm: false }}
            isUnderScene={Boolean(view.scenePicture)}
          />
        </WithNotes>
        {children}
      </div>
      {/* One column beside the story on a tablet, one at each side of it on a wide screen. */}
      {/* It scrolls on a tablet, also by the arrow keys. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div
        tabIndex={0}
        role="group"
        aria-label="Beside the story"
        data-place="beside"
        className="border-line contents md:flex md:w-72 md:shrink-0 md:flex-col md:overflow-y-auto md:border-l lg:contents"
      >
        <aside
          aria-label="Party and turns"
          className={`border-line lg:order-1 lg:w-72 lg:shrink-0 lg:grow-0 lg:border-r md:max-lg:shrink-0 md:max-lg:grow-0 ${side('party')}`}
        >
          <PartyAndTurns view={view} myId={myId} own={own} mayBring={!isSpectator} />
        </aside>
        <aside
          aria-label="Scene and story"
          className={`border-line lg:order-3 lg:w-72 lg:shrink-0 lg:grow-0 lg:border-l md:max-lg:shrink-0 ${side('world')}`}
        >
          <World view={view} />
          <HandoutShelf handouts={useHandouts()} />
        </aside>
      </div>
    </div>
  )
}
