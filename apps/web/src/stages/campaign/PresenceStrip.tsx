import type { Presence } from '@tablecast/contracts'
import { isStale, useLive } from '../../live/live-store.ts'
import { presenceDot } from './presence-dot.ts'

/** The people who are online, in one line. */
export function PresenceStrip({ myId }: { myId: string }) {
  const { people, unlisted } = useLive((state) => state.roster)
  const isLive = useLive((state) => !isStale(state))
  const here = people.filter(({ online }) => online)
  if (here.length === 0) return null
  return (
    <ul
      aria-label="Who is here"
      className="border-line flex gap-x-4 overflow-x-auto border-b px-4 py-1.5 text-sm whitespace-nowrap"
    >
      {here.map((person) => (
        <li key={person.userId} className="text-soft flex items-center gap-1.5">
          <span aria-hidden="true" className={`size-2 rounded-full ${presenceDot(person, isLive)}`} />
          <span className="max-w-40 truncate">{person.userId === myId ? 'You' : person.name}</span>
          <span className="text-xs">
            {person.userId === myId && person.status === 'typing' ? '' : statusWords(person)}
          </span>
        </li>
      ))}
      {unlisted > 0 && <li className="text-soft">{moreWords(unlisted)}</li>}
    </ul>
  )
}

export function statusWords({ role, status }: Presence): string {
  if (status === 'typing') return 'is typing…'
  if (status === 'ready' || status === 'away') return status
  return role === 'owner' || role === 'dm' ? 'DM' : role === 'spectator' ? 'watching' : ''
}

/** The people whom the roster does not list. */
export const moreWords = (count: number): string => `and ${count.toLocaleString('en')} more`
