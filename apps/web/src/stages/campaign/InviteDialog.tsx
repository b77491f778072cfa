import type { RoomDetails } from '@tablecast/contracts'
import { useMutation } from '@tanstack/react-query'
import { Copy, RefreshCw, UserPlus } from 'lucide-react'
import { useState } from 'react'
import { api, messageOf, newKey } from '../../api.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Confirm, Dialog } from '../../ui/dialog.tsx'
import { QrCode } from '../../ui/qr-code.tsx'
import { useNotify } from '../../ui/toast.tsx'

const roles = [
  ['player', 'Players'],
  ['dm', 'Co-DMs'],
  ['spectator', 'Spectators'],
] as const

export function InviteDialog({ details, onChanged }: { details: RoomDetails; onChanged: () => void }) {
  const [role, setRole] = useState<(typeof roles)[number][0]>('player')
  const notify = useNotify()
  const rotate = useMutation({
    mutationFn: () => api.rooms.rotateInvite.mutate({ roomId: details.room.id, key: newKey(), role }),
    onSuccess: onChanged,
    onError: (error) => notify('The link was not changed', messageOf(error)),
  })
  const code = details.invites.find((invite) => invite.role === role)?.code
  const link = `${location.origin}/join/${code}`
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link)
      notify('Link copied')
    } catch {
      notify('Copying is not allowed here', 'Select the link and copy it by hand.')
    }
  }
  return (
    <Dialog
      title="Invite to the table"
      trigger={
        <Button>
          <UserPlus size={17} aria-hidden="true" /> Invite
        </Button>
      }
    >
      <div role="group" aria-label="Invite as" className="mb-4 flex flex-wrap gap-2">
        {roles.map(([value, label]) => (
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
      <div className="flex flex-col items-center gap-4">
        <QrCode text={link} label={`QR code of the invite link for ${role}`} />
        <div className="flex w-full gap-2">
          <input
            readOnly
            aria-label="Invite link"
            className="input text-sm"
            value={link}
            onFocus={(event) => event.target.select()}
          />
          <IconButton label="Copy the link" look="plain" onClick={() => void copy()}>
            <Copy size={17} />
          </IconButton>
          <Confirm
            title="Make a new link?"
            text="The old link and its QR code stop working. Who is at the table stays."
            action="Make a new link"
            onConfirm={() => rotate.mutate()}
            trigger={
              <IconButton label="Make a new link" look="plain">
                <RefreshCw size={17} />
              </IconButton>
            }
          />
        </div>
      </div>
    </Dialog>
  )
}
