import type { NarrativeEntry, PlayerView as View } from '@tablecast/contracts'
import type { ReactNode } from 'react'
import { AsWritten, Guard } from '../../ui/guard.tsx'
import { Narrative } from './Narrative.tsx'
import { type Own, Party, Surroundings, TurnOrder } from './Sheet.tsx'

type Props = {
  view: View
  entries: readonly NarrativeEntry[]
  more: boolean
  myId: string | null
  loadOlder?: () => Promise<unknown>
  /** Where the reader may change a character of theirs. */
  own?: Own
  /** Under the story: what the player does. */
  children?: ReactNode
  /** On a small screen: which part is shown. */
  part?: 'story' | 'party' | 'world'
  isFramed?: boolean
  /** After the newest entry. */
  tail?: ReactNode
  tailKey?: string | number
}

/** The table as a player sees it, from the player's view alone. */
export function PlayerView({
  view,
  entries,
  more,
  myId,
  loadOlder,
  own,
  children,
  part = 'story',
  isFramed = false,
  tail,
  tailKey = '',
}: Props) {
  const side = (is: 'party' | 'world') =>
    isFramed ? 'p-4' : `${part === is ? '' : 'hidden'} min-h-0 overflow-y-auto p-4 lg:block`
  if (isFramed)
    return (
      <div>
        <div className="flex h-96 flex-col">
          <Narrative entries={entries} more={more} loadOlder={loadOlder} label="Story as players see it" />
        </div>
        <div className="p-4">
          <PartyAndTurns view={view} myId={myId} />
          <World view={view} />
        </div>
      </div>
    )
  return (
    <div className="grid min-h-0 grow grid-rows-1 lg:grid-cols-[18rem_minmax(0,1fr)_18rem]">
      <aside aria-label="Party and turns" className={`lg:border-line lg:border-r ${side('party')}`}>
        <PartyAndTurns view={view} myId={myId} own={own} />
      </aside>
      <div className={`${part === 'story' ? 'flex' : 'hidden'} min-h-0 flex-col lg:flex`}>
        <Narrative entries={entries} more={more} loadOlder={loadOlder} tail={tail} tailKey={tailKey} />
        {children}
      </div>
      <aside aria-label="Scene and story" className={`lg:border-line lg:border-l ${side('world')}`}>
        <World view={view} />
      </aside>
    </div>
  )
}

function PartyAndTurns({ view, myId, own }: Pick<Props, 'view' | 'myId'> & { own?: Own | undefined }) {
  const names = view.characters.map(({ name }) => name)
  return (
    <>
      <Guard of={view} instead={<AsWritten text={`Round ${view.turn.round}`} />}>
        <TurnOrder view={view} myId={myId} />
      </Guard>
      <Guard of={view} instead={<AsWritten text={names.join('\n')} />}>
        <Party view={view} myId={myId} own={own} />
      </Guard>
    </>
  )
}

function World({ view }: { view: View }) {
  const { scene, status, environment, threats, beats } = view
  const words = [
    scene,
    status,
    ...environment.map(({ text }) => text),
    ...threats.map(({ name, detail }) => `${name}: ${detail}`),
    ...beats.map(({ text }) => text),
  ]
  return (
    <Guard of={view} instead={<AsWritten text={words.join('\n')} />}>
      <Surroundings view={view} />
    </Guard>
  )
}
