import type { Presence, RoomDetails } from '@tablecast/contracts'
import { RefreshCw } from 'lucide-react'
import { api, newKey } from '../../../api.ts'
import { useLive } from '../../../live/live-store.ts'
import { IconButton } from '../../../ui/button.tsx'
import { clockTime } from '../../../ui/clock-time.ts'
import { useServerNow } from '../../../use-server-now.ts'
import { statusWords } from '../PresenceStrip.tsx'
import { Nothing } from '../Sheet.tsx'
import { MemberMenu } from './MemberMenu.tsx'
import { useAct } from './use-act.ts'

/** Who is in step, in words, so that nobody has to ask “do you see it?”. `now`: by the server's clock, as `since` is. */
function syncWords({ sync, since }: Presence, now: number): string {
  switch (sync?.state) {
    case 'in_sync':
      return 'in sync'
    case 'behind':
      return `${sync.behind} behind`
    case 'asleep':
      return `asleep since ${clockTime(since)}`
    case 'lost':
      return `lost ${agoWords(now - Date.parse(since))} ago`
    default:
      return 'joining'
  }
}

const agoWords = (ms: number) =>
  ms < 60_000 ? `${Math.max(1, Math.round(ms / 1_000))} s` : `${Math.round(ms / 60_000)} min`

const colours = {
  in_sync: 'text-good',
  behind: 'text-warn',
  asleep: 'text-soft',
  lost: 'text-bad',
  unknown: 'text-soft',
}

export function Roster({ details, onChanged }: { details: RoomDetails; onChanged: () => void }) {
  const roster = useLive((state) => state.roster)
  const now = useServerNow(5_000)
  const others = roster.filter(({ userId }) => userId !== details.me.userId)
  if (others.length === 0) return <Nothing>Nobody else is here. Invite your players.</Nothing>
  return (
    <ul className="flex flex-col gap-2">
      {others.map((person) => (
        <li key={person.userId}>
          <div
            role="group"
            aria-label={person.name}
            className="border-line flex items-center gap-1 rounded-xl border py-1.5 pr-1 pl-3"
          >
            <div className="min-w-0 grow">
              <p className="truncate font-semibold">
                {person.name} <span className="text-soft text-xs font-normal">{statusWords(person)}</span>
              </p>
              <p className={`text-sm ${colours[person.sync?.state ?? 'unknown']}`}>
                {syncWords(person, now)}
                <span className="text-soft">
                  {person.link &&
                    ` · ${person.link.transport}${person.link.rttMs === null ? '' : ` ${person.link.rttMs} ms`}`}
                  {person.sync && person.sync.healed > 0 && ` · healed ${person.sync.healed}×`}
                </span>
              </p>
            </div>
            <PersonActions person={person} details={details} onChanged={onChanged} />
          </div>
        </li>
      ))}
    </ul>
  )
}

function PersonActions({
  person,
  details,
  onChanged,
}: {
  person: Presence
  details: RoomDetails
  onChanged: () => void
}) {
  const { userId, name } = person
  const roomId = details.room.id
  const act = useAct(onChanged)
  return (
    <>
      <IconButton
        label={`Resync ${name}`}
        onClick={() =>
          act(() => api.presence.resync.mutate({ roomId, key: newKey(), userId }), `${name} takes a fresh copy`)
        }
      >
        <RefreshCw size={16} />
      </IconButton>
      <MemberMenu label={`More for ${name}`} person={person} details={details} act={act} />
    </>
  )
}
