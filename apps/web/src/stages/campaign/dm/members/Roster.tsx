import type { RoomDetails } from '@tablecast/contracts'
import { ChevronDown } from 'lucide-react'
import { useLive } from '../../../../live/live-store.ts'
import { useServerNow } from '../../../../use-server-now.ts'
import { moreWords, statusWords } from '../../PresenceStrip.tsx'
import { useRoving } from '../../../../ui/use-roving.ts'
import { Nothing } from '../../../../ui/section.tsx'
import { linkWords, syncWords } from './sync-words.ts'
import { PersonActions } from './PersonActions.tsx'

const colours = {
  in_sync: 'text-good',
  behind: 'text-warn',
  asleep: 'text-soft',
  lost: 'text-bad',
  unknown: 'text-soft',
}

export function Roster({ details, onChanged }: { details: RoomDetails; onChanged: () => void }) {
  const { people, unlisted } = useLive((state) => state.roster)
  const now = useServerNow(5_000)
  const roving = useRoving<HTMLUListElement>()
  const others = people.filter(({ userId }) => userId !== details.me.userId)
  if (others.length === 0 && unlisted === 0) return <Nothing>Nobody else is here. Invite your players.</Nothing>
  return (
    <ul className="flex flex-col gap-2" {...roving}>
      {others.map((person) => (
        <li key={person.userId} data-row>
          <div
            role="group"
            aria-label={person.name}
            className="border-line flex items-center gap-1 rounded-xl border py-1.5 pr-1 pl-3"
          >
            <div className="min-w-0 grow">
              <details className="group">
                <summary className="list-none rounded-md [&::-webkit-details-marker]:hidden">
                  <span className="block truncate font-semibold">
                    {person.name} <span className="text-soft text-xs font-normal">{statusWords(person)}</span>
                  </span>
                  <span className={`flex items-center gap-1 text-sm ${colours[person.sync?.state ?? 'unknown']}`}>
                    {syncWords(person, now)}
                    <ChevronDown size={14} aria-hidden="true" className="text-soft group-open:rotate-180" />
                  </span>
                </summary>
                <p className="text-soft text-sm">{linkWords(person)}</p>
              </details>
            </div>
            <PersonActions person={person} details={details} onChanged={onChanged} />
          </div>
        </li>
      ))}
      {unlisted > 0 && <li className="text-soft text-sm">{moreWords(unlisted)}</li>}
    </ul>
  )
}
