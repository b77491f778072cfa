import type { NarrativeEntry } from '@tablecast/contracts'
import { useLive } from '../../../live/live-store.ts'
import { Roll } from '../Roll.tsx'

const noEntries: readonly NarrativeEntry[] = []
const MOST = 20

/** The newest rolls of this person, the newest first. */
export function LastRolls({ myId, count }: { myId: string; count: number }) {
  const entries = useLive(({ room }) => room?.campaign?.entries ?? noEntries)
  const mine = entries.filter(({ author, rolls, withdrawn }) => author.id === myId && rolls.length > 0 && !withdrawn)
  const rolls = mine
    .slice(-MOST)
    .flatMap(({ id, rolls: made }) => made.map((roll, place) => ({ key: `${id} ${place}`, roll })))
    .slice(-count)
    .toReversed()
  return (
    <ul
      aria-label="Your last rolls"
      aria-live="polite"
      className="flex flex-col gap-1"
      // The room for all of them is kept, so that nothing below moves.
      style={{ minHeight: `${count * 2.5}rem` }}
    >
      {rolls.length === 0 && <li className="text-soft flex min-h-10 items-center text-sm">No rolls yet.</li>}
      {rolls.map(({ key, roll }) => (
        <li key={key} className="flex min-w-0 flex-wrap items-center gap-x-2">
          <Roll roll={roll} isCompact />
          <span className="text-soft min-w-0 text-sm [overflow-wrap:anywhere]">{roll.label}</span>
        </li>
      ))}
    </ul>
  )
}
