import type { RoomDetails } from '@tablecast/contracts'
import { UserPlus } from 'lucide-react'
import { type ReactElement, useState } from 'react'
import { Button } from '../../../../ui/button.tsx'
import { Dialog } from '../../../../ui/dialog.tsx'
import { inviteRoles, type InviteRole } from './invite-roles.ts'
import { AddressChoice } from './AddressChoice.tsx'
import { NewLink } from './NewLink.tsx'
import { useAddress } from './use-address.ts'
import { InviteLink } from './InviteLink.tsx'

type Props = { details: RoomDetails; onChanged: () => void; trigger?: ReactElement }

export function InviteDialog({ details, onChanged, trigger = inviteButton }: Props) {
  const [role, setRole] = useState<InviteRole>('player')
  const invite = details.invites.find((one) => one.role === role)
  const address = useAddress(details.room.id)
  return (
    <Dialog title="Invite to the table" trigger={trigger}>
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
        <>
          <InviteLink invite={invite} origin={address.origin} />
          <AddressChoice address={address} />
        </>
      ) : (
        <p className="text-soft mb-4 text-center">There is no link that works at the moment.</p>
      )}
      <NewLink key={role} role={role} roomId={details.room.id} hasOne={invite !== undefined} onChanged={onChanged} />
    </Dialog>
  )
}

const inviteButton = (
  <Button data-command="Table" data-words="link QR code players join">
    <UserPlus size={17} aria-hidden="true" /> Invite
  </Button>
)
