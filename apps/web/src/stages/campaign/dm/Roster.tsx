import { Menu } from '@base-ui/react/menu'
import type { Presence, RoomDetails } from '@tablecast/contracts'
import { MoreHorizontal, RefreshCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import { api, messageOf, newKey } from '../../../api.ts'
import { useLive } from '../../../live/live-store.ts'
import { buttonClass, IconButton } from '../../../ui/button.tsx'
import { useNotify } from '../../../ui/toast.tsx'
import { clockTime } from '../../../ui/clock-time.ts'
import { statusWords } from '../PresenceStrip.tsx'
import { Nothing } from '../Sheet.tsx'

/** Who is in step, in words, so that nobody has to ask “do you see it?”. */
export function syncWords({ sync, since }: Presence, now: number): string {
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
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5_000)
    return () => clearInterval(timer)
  }, [])
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
  const notify = useNotify()
  const { userId, name } = person
  const roomId = details.room.id
  const perform = async (work: () => Promise<unknown>, done: string) => {
    try {
      await work()
      notify(done)
      onChanged()
    } catch (error) {
      notify('That did not work', messageOf(error))
    }
  }
  const act = (work: () => Promise<unknown>, done: string) => void perform(work, done)
  const item =
    'data-[highlighted]:bg-accent data-[highlighted]:text-on-accent flex min-h-11 cursor-pointer items-center rounded-lg px-3'
  const setRole = (role: 'dm' | 'player' | 'spectator') =>
    act(() => api.rooms.setRole.mutate({ roomId, key: newKey(), userId, role }), `${name} is ${role} now`)
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
      <Menu.Root>
        <Menu.Trigger aria-label={`More for ${name}`} className={buttonClass('quiet', '!px-0 w-11 shrink-0')}>
          <MoreHorizontal size={17} />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} className="z-40">
            <Menu.Popup className="border-line bg-raised rounded-xl border p-1 shadow-xl">
              {details.role === 'owner' &&
                (['dm', 'player', 'spectator'] as const)
                  .filter((role) => role !== person.role)
                  .map((role) => (
                    <Menu.Item key={role} className={item} onClick={() => setRole(role)}>
                      Make {role === 'dm' ? 'co-DM' : role}
                    </Menu.Item>
                  ))}
              <Menu.Item
                className={item}
                onClick={() =>
                  act(() => api.rooms.kick.mutate({ roomId, key: newKey(), userId }), `${name} was removed`)
                }
              >
                Remove from the table
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </>
  )
}
