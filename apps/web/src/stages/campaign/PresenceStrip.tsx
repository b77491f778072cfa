import type { Presence } from '@tablecast/contracts'
import { isStale, useLive } from '../../live/live-store.ts'
import { presenceDot } from './presence-dot.ts'

/** The people who are online, in one line that scrolls. `isOnAccent`: it lies on the accent colour. */
export function PresenceStrip({ myId, isOnAccent = false }: { myId: string; isOnAccent?: boolean }) {
  const { people, unlisted } = useLive((state) => state.roster)
  const isLive = useLive((state) => !isStale(state))
  const here = people.filter(({ online }) => online)
  const soft = isOnAccent ? '' : 'text-soft'
  return (
    <ul
      aria-label="Who is here"
      tabIndex={here.length > 0 ? 0 : undefined}
      className="no-scrollbar flex min-w-0 grow gap-x-4 overflow-x-auto px-4 text-sm whitespace-nowrap"
    >
      {here.map((person) => (
        <li key={person.userId} className={`flex shrink-0 items-center gap-1.5 ${soft}`}>
          <span
            aria-hidden="true"
            className={`size-2 shrink-0 rounded-full ${isOnAccent ? 'bg-current' : presenceDot(person, isLive)}`}
          />
          <span className="max-w-40 truncate">{person.userId === myId ? 'You' : person.name}</span>
          <span className="text-xs">{statusWords(person, person.userId === myId)}</span>
        </li>
      ))}
      {unlisted > 0 && <li className={`shrink-0 ${soft}`}>{moreWords(unlisted)}</li>}
    </ul>
  )
}

export function statusWords({ role, status }: Presence, isMe = false): string {
  if (status === 'typing') return isMe ? '' : 'is typing…'
  if (status === 'ready' || status === 'away') return status
  return role === 'owner' || role === 'dm' ? 'DM' : role === 'spectator' ? 'watching' : ''
}

/** The people whom the roster does not list. */
export const moreWords = (count: number): string => `and ${count.toLocaleString('en')} more`
