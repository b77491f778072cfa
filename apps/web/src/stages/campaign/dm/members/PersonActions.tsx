import type { Presence, RoomDetails } from '@tablecast/contracts'
import { RefreshCw } from 'lucide-react'
import { api, newKey } from '../../../../api.ts'
import { IconButton } from '../../../../ui/button.tsx'
import { MemberMenu } from './MemberMenu.tsx'
import { useAct } from '../use-act.ts'

export function PersonActions({
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
        data-command="At the table"
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
