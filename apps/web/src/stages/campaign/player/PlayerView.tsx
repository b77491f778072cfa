import type { NarrativeEntry, PlayerView as View } from '@tablecast/contracts'
import type { ReactNode } from 'react'
import { Narrative } from '../Narrative.tsx'
import type { OwnCampaign } from '../sheet/OwnCharacter.tsx'
import { PartyAndTurns } from '../sheet/PartyAndTurns.tsx'
import { World } from '../sheet/World.tsx'
import type { TablePart } from './TablePartTabs.tsx'

type Props = {
  view: View
  entries: readonly NarrativeEntry[]
  more: boolean
  myId: string
  loadOlder: () => Promise<unknown>
  own: OwnCampaign
  /** The part that a small screen shows. */
  part: TablePart
  /** After the newest entry. */
  tail: ReactNode
  tailKey: string | number
  /** Under the story: where the player writes. */
  children: ReactNode
}

/** The table as a player sees it, from the player's view alone. */
export function PlayerView({ view, entries, more, myId, loadOlder, own, part, tail, tailKey, children }: Props) {
  const side = (is: TablePart) => `${part === is ? '' : 'hidden'} min-h-0 overflow-y-auto p-4 lg:block`
  return (
    <div className="grid min-h-0 grow grid-rows-1 lg:grid-cols-[18rem_minmax(0,1fr)_18rem]">
      <aside aria-label="Party and turns" className={`lg:border-line lg:border-r ${side('party')}`}>
        <PartyAndTurns view={view} myId={myId} own={own} />
      </aside>
      <div className={`${part === 'story' ? 'flex' : 'hidden'} min-h-0 flex-col lg:flex`}>
        <Narrative
          entries={entries}
          more={more}
          loadOlder={loadOlder}
          tail={tail}
          tailKey={tailKey}
          place={{ ...own, myId, isDm: false }}
        />
        {children}
      </div>
      <aside aria-label="Scene and story" className={`lg:border-line lg:border-l ${side('world')}`}>
        <World view={view} />
      </aside>
    </div>
  )
}
