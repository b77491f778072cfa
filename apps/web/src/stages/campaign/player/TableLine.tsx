import type { ReactNode } from 'react'
import type { TurnCue } from '../use-news.ts'
import { PresenceStrip } from '../PresenceStrip.tsx'
import { TurnBanner } from './TurnBanner.tsx'

/**
 * The people who are here, and this player's turn: one line of a fixed height, so that no change moves the page. On a phone it is below the
 * table, where a thumb reaches its buttons.
 */
export function TableLine({ myId, cue, children }: { myId: string; cue: TurnCue; children?: ReactNode }) {
  return (
    <aside
      aria-label="Presence and turn"
      className={`border-line relative flex h-9 shrink-0 items-center border-b max-md:order-1 max-md:h-12 max-md:border-t max-md:border-b-0 ${cue === 'your_turn' ? 'bg-accent text-on-accent' : ''}`}
    >
      <PresenceStrip myId={myId} isOnAccent={cue === 'your_turn'} />
      <TurnBanner cue={cue} />
      {children}
    </aside>
  )
}
