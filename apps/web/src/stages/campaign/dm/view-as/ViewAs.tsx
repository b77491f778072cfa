import { audienceOf, type Member } from '@tablecast/contracts'
import { ExternalLink } from 'lucide-react'
import { useId, useState } from 'react'
import { useLive } from '../../../../live/live-store.ts'
import { buttonClass } from '../../../../ui/button.tsx'
import { Problem } from '../../../../ui/field.tsx'
import { Nothing } from '../../../../ui/section.tsx'
import { SeenTable } from './SeenTable.tsx'
import { useViewed } from './use-viewed.ts'
import { campaignIn, isTrue } from './viewed.ts'

const EVERYONE = ''

/** The table through the eyes of the player whom the DM chooses, in the DM’s console. */
export function ViewAs({ roomId, members }: { roomId: string; members: readonly Member[] }) {
  const id = useId()
  const [chosenId, setChosenId] = useState(EVERYONE)
  const players = members.filter(({ role }) => audienceOf(role) === 'player')
  const memberId = players.some(({ userId }) => userId === chosenId) ? chosenId : EVERYONE
  return (
    <>
      <div className="mb-3 flex items-end gap-2">
        <div className="min-w-0 grow">
          <label htmlFor={id} className="text-soft mb-1 block text-sm">
            View the table as
          </label>
          <select
            id={id}
            className="input"
            value={memberId}
            onChange={({ currentTarget }) => setChosenId(currentTarget.value)}
          >
            <option value={EVERYONE}>All players</option>
            {players.map(({ userId, name, role }) => (
              <option key={userId} value={userId}>
                {role === 'spectator' ? `${name} (spectator)` : name}
              </option>
            ))}
          </select>
        </div>
        <a
          href={viewAsPath(roomId, memberId)}
          target="_blank"
          rel="noopener"
          aria-label="Open this view in a window of its own"
          title="Open this view in a window of its own"
          className={buttonClass('plain', '!px-0 w-11 shrink-0')}
        >
          <ExternalLink size={17} aria-hidden="true" />
        </a>
      </div>
      <View key={memberId} roomId={roomId} memberId={memberId || null} shape="phone" />
    </>
  )
}

const viewAsPath = (roomId: string, memberId: string): string =>
  memberId === EVERYONE ? `/r/${roomId}/as` : `/r/${roomId}/as/${memberId}`

type ViewProps = { roomId: string; memberId: string | null; shape: 'phone' | 'window' }

export function View({ roomId, memberId, shape }: ViewProps) {
  const { viewed, problem } = useViewed(roomId, memberId)
  const isPolling = useLive(({ link }) => link.kind === 'live' && link.transport === 'polling')
  const campaign = campaignIn(viewed)
  if (isPolling) return <Nothing>This view needs a live connection. Your network lets none through.</Nothing>
  return (
    <>
      <Problem text={problem} />
      {campaign ? (
        <SeenTable roomId={roomId} campaign={campaign} memberId={memberId} shape={shape} />
      ) : (
        !problem && <Nothing>{viewed.room ? 'No campaign is open.' : 'The view is loading…'}</Nothing>
      )}
      {viewed.room && isTrue(viewed) && (
        <p className="text-soft mt-2 px-4 text-center text-xs" data-testid="viewed" data-hash={campaign?.hash ?? ''}>
          As the server sends it to them: its checksum agrees.
        </p>
      )}
    </>
  )
}
