import type { RoomDetails } from '@tablecast/contracts'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../../ui/button.tsx'
import { Dialog } from '../../../../ui/dialog.tsx'
import { inviteRoles, type InviteRole } from './invite-roles.ts'
import { NewLink } from './NewLink.tsx'
import { InviteLink } from './InviteLink.tsx'

export function InviteDialog({ details, onChanged }: { details: RoomDetails; onChanged: () => void }) {
  const [role, setRole] = useState<InviteRole>('player')
  const invite = details.invites.find((one) => one.role === role)
  return (
    <Dialog
      title="Invite to the table"
      trigger={
        <Button data-command="Table" data-words="link QR code players join">
          <UserPlus size={17} aria-hidden="true" /> <span className="max-sm:sr-only">Invite</span>
        </Button>
      }
    >
      <div role="group" aria-label="Invite as" className="mb-4 flex flex-wrap gap-2">
        {inviteRoles.map(([value, label]) => (
          <Button
            key={value}
            look={value === role ? 'primary' : 'plain'}
            aria-pressed={value === role}
            onClick={() => setRole(value)}
          >
            {label}
          </Button>
        ))}
      </div>
      {details.room.locked && (
        <p role="status" className="text-warn mb-4 text-sm">
          The table is locked: nobody new gets in until you unlock it under Table settings.
        </p>
      )}
      {invite ? (
        <InviteLink invite={invite} />
      ) : (
        <p className="text-soft mb-4 text-center">There is no link that works at the moment.</p>
      )}
      <NewLink key={role} role={role} roomId={details.room.id} hasOne={invite !== undefined} onChanged={onChanged} />
    </Dialog>
  )
}
