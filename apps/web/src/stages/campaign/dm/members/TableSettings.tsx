// The members of the table, the lock, the bans, and the trail of access.
import type { RoomDetails } from '@tablecast/contracts'
import { Settings } from 'lucide-react'
import { api, newKey } from '../../../../api.ts'
import { loadNoticeSettings } from '../../../../device/notices/parts.ts'
import { Button, IconButton } from '../../../../ui/button.tsx'
import { Dialog } from '../../../../ui/dialog.tsx'
import { loadedPart } from '../../../../ui/loaded-part.tsx'
import { Switch } from '../../../../ui/switch.tsx'
import { Section } from '../../../../ui/section.tsx'
import { useAct } from '../use-act.ts'
import { MemberRow } from './MemberRow.tsx'
import { AuditTrail } from './AuditTrail.tsx'

const NoticeSettings = loadedPart(loadNoticeSettings)

type Props = { details: RoomDetails; onChanged: () => void }

export function TableSettings({ details, onChanged }: Props) {
  const { room, members, unlisted, bans, role } = details
  const act = useAct(onChanged)
  const call = () => ({ roomId: room.id, key: newKey() })
  return (
    <Dialog
      title="The table"
      trigger={
        <IconButton label="Table settings" data-command="Table" data-words="members lock ban roles history">
          <Settings size={18} />
        </IconButton>
      }
    >
      <Section title="Who may come">
        <Switch
          label="Lock the table"
          checked={room.locked}
          onChange={(locked) =>
            act(
              () => api.rooms.setLocked.mutate({ ...call(), locked }),
              locked ? 'The table is locked' : 'The table is open again',
            )
          }
        />
        <p className="text-soft text-sm">Nobody new can join, by any link. Everyone at the table stays.</p>
      </Section>
      <Section title="Notices on this device">
        <NoticeSettings />
      </Section>
      <Section title={`Members (${members.length + unlisted})`}>
        <ul className="flex flex-col gap-1">
          {members.map((member) => (
            <MemberRow key={member.userId} member={member} details={details} act={act} />
          ))}
        </ul>
        {unlisted > 0 && (
          <p className="text-soft text-sm">{unlisted.toLocaleString('en')} more spectators are not shown here.</p>
        )}
      </Section>
      {bans.length > 0 && (
        <Section title="Banned">
          <ul className="flex flex-col gap-1">
            {bans.map(({ userId, name }) => (
              <li key={userId} className="flex items-center justify-between gap-2">
                <span className="min-w-0 truncate">{name}</span>
                <Button
                  look="quiet"
                  onClick={() => act(() => api.rooms.unban.mutate({ ...call(), userId }), `${name} may come back`)}
                >
                  Let {name} back in
                </Button>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {role === 'owner' && <AuditTrail roomId={room.id} />}
    </Dialog>
  )
}
