import { useMutation } from '@tanstack/react-query'
import { RefreshCw, Trash2 } from 'lucide-react'
import { useId, useState } from 'react'
import { api, messageOf, newKey } from '../../../../api.ts'
import { Button, IconButton } from '../../../../ui/button.tsx'
import { Confirm } from '../../../../ui/dialog.tsx'
import { useNotify } from '../../../../ui/toast.tsx'
import type { InviteRole } from './invite-roles.ts'

const lives = [
  ['', 'never'],
  ['1', 'in an hour'],
  ['24', 'in a day'],
  ['168', 'in a week'],
  ['720', 'in 30 days'],
] as const

const counts = [
  ['', 'unlimited'],
  ['1', '1'],
  ['5', '5'],
  ['10', '10'],
  ['30', '30'],
] as const

type NewLinkProps = { role: InviteRole; roomId: string; hasOne: boolean; onChanged: () => void }

export function NewLink({ role, roomId, hasOne, onChanged }: NewLinkProps) {
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
        <Choice label="Expires" options={lives} value={hours} onChange={setHours} />
        <Choice label="Uses" options={counts} value={people} onChange={setPeople} />
        {hasOne ? (
          <Confirm
            title="Make a new link?"
            text="The old link and its QR code stop working. The people at the table stay."
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
            text="The link and its QR code stop working, and you can make a new one. The people at the table stay."
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
