import type { Invite, RoomDetails } from '@tablecast/contracts'
import { useMutation } from '@tanstack/react-query'
import { Copy, RefreshCw, Trash2, UserPlus } from 'lucide-react'
import { useId, useState } from 'react'
import { api, messageOf, newKey } from '../../api.ts'
import { serverClock } from '../../server-clock.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Confirm, Dialog } from '../../ui/dialog.tsx'
import { QrCode } from '../../ui/qr-code.tsx'
import { useNotify } from '../../ui/toast.tsx'

const roles = [
  ['player', 'Players'],
  ['dm', 'Co-DMs'],
  ['spectator', 'Spectators'],
] as const

const lives = [
  ['', 'for ever'],
  ['1', 'for an hour'],
  ['24', 'for a day'],
  ['168', 'for a week'],
  ['720', 'for 30 days'],
] as const
const counts = [
  ['', 'any number of people'],
  ['1', 'one person'],
  ['5', '5 people'],
  ['10', '10 people'],
  ['30', '30 people'],
] as const

type Role = (typeof roles)[number][0]

export function InviteDialog({ details, onChanged }: { details: RoomDetails; onChanged: () => void }) {
  const [role, setRole] = useState<Role>('player')
  const invite = details.invites.find((one) => one.role === role)
  return (
    <Dialog
      title="Invite to the table"
      trigger={
        <Button>
          <UserPlus size={17} aria-hidden="true" /> <span className="max-sm:sr-only">Invite</span>
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

function InviteLink({ invite }: { invite: Invite }) {
  const notify = useNotify()
  const link = `${location.origin}/join/${invite.code}`
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link)
      notify('Link copied')
    } catch {
      notify('Copying is not allowed here', 'Select the link and copy it by hand.')
    }
  }
  return (
    <div className="flex flex-col items-center gap-4">
      <QrCode text={link} label={`QR code of the invite link for ${invite.role}`} />
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
      </div>
      <p className="text-soft text-sm">{stateWords(invite)}</p>
    </div>
  )
}

function stateWords({ expiresAt, maxUses, uses }: Invite): string {
  const isOver = expiresAt !== null && Date.parse(expiresAt) <= serverClock.now()
  const until =
    expiresAt === null
      ? 'Works for ever'
      : `${isOver ? 'Ended' : 'Works until'} ${new Date(expiresAt).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })}`
  return `${until}. Used ${uses}${maxUses === null ? '' : ` of ${maxUses}`} times.`
}

type NewLinkProps = { role: Role; roomId: string; hasOne: boolean; onChanged: () => void }

function NewLink({ role, roomId, hasOne, onChanged }: NewLinkProps) {
  const [hours, setHours] = useState('')
  const [people, setPeople] = useState('')
  const notify = useNotify()
  const onError = (error: unknown) => notify('The link was not changed', messageOf(error))
  const rotate = useMutation({
    mutationFn: () =>
      api.rooms.rotateInvite.mutate({
        roomId,
        key: newKey(),
        role,
        expiresInHours: hours === '' ? null : Number(hours),
        maxUses: people === '' ? null : Number(people),
      }),
    onSuccess: onChanged,
    onError,
  })
  const revoke = useMutation({
    mutationFn: () => api.rooms.revokeInvite.mutate({ roomId, key: newKey(), role }),
    onSuccess: onChanged,
    onError,
  })
  return (
    <div className="border-line mt-5 border-t pt-4">
      <div className="flex flex-wrap items-end gap-3">
        <Choice label="A new link works" options={lives} value={hours} onChange={setHours} />
        <Choice label="for" options={counts} value={people} onChange={setPeople} />
        {hasOne ? (
          <Confirm
            title="Make a new link?"
            text="The old link and its QR code stop working. Who is at the table stays."
            action="Make a new link"
            onConfirm={() => rotate.mutate()}
            trigger={
              <Button>
                <RefreshCw size={17} aria-hidden="true" /> Make a new link
              </Button>
            }
          />
        ) : (
          <Button look="primary" onClick={() => rotate.mutate()}>
            Make a link
          </Button>
        )}
        {hasOne && (
          <Confirm
            title="Take the link back?"
            text="It and its QR code stop working, and there is none until you make one. Who is at the table stays."
            action="Take back"
            danger
            onConfirm={() => revoke.mutate()}
            trigger={
              <IconButton label="Take the link back">
                <Trash2 size={17} />
              </IconButton>
            }
          />
        )}
      </div>
    </div>
  )
}

type ChoiceProps = {
  label: string
  options: readonly (readonly [string, string])[]
  value: string
  onChange: (value: string) => void
}

function Choice({ label, options, value, onChange }: ChoiceProps) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="text-soft mb-1 block text-sm">
        {label}
      </label>
      <select id={id} className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([of, words]) => (
          <option key={of} value={of}>
            {words}
          </option>
        ))}
      </select>
    </div>
  )
}
