import type { NewScreenLink, ScreenKind } from '@tablecast/contracts'
import { useMutation } from '@tanstack/react-query'
import { Copy, ExternalLink } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { api, messageOf, newKey } from '../../../../api.ts'
import { Button, buttonClass, IconButton } from '../../../../ui/button.tsx'
import { Field, Problem } from '../../../../ui/field.tsx'
import { textOf } from '../../../../ui/form.ts'
import { QrCode } from '../../../../ui/qr-code.tsx'
import { useNotify } from '../../../../ui/toast.tsx'
import { AddressChoice } from '../invite/AddressChoice.tsx'
import { useAddress } from '../invite/use-address.ts'

const kinds: readonly (readonly [ScreenKind, string])[] = [
  ['tv', 'Television'],
  ['overlay', 'Overlay of a stream'],
]

/** Makes a link, and shows it once. */
export function NewScreen({ roomId, onChanged }: { roomId: string; onChanged: () => void }) {
  const [kind, setKind] = useState<ScreenKind>('tv')
  const make = useMutation({
    mutationFn: (name: string) => api.screens.create.mutate({ roomId, key: newKey(), kind, name }),
    onSuccess: onChanged,
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const name = textOf(new FormData(event.currentTarget), 'name').trim()
    if (name) make.mutate(name)
  }
  if (make.data) return <MadeLink roomId={roomId} made={make.data} done={() => make.reset()} />
  return (
    <form className="border-line border-t pt-4" onSubmit={submit}>
      <div role="group" aria-label="Kind of screen" className="mb-3 flex flex-wrap gap-2">
        {kinds.map(([value, label]) => (
          <Button
            key={value}
            look={value === kind ? 'primary' : 'plain'}
            aria-pressed={value === kind}
            onClick={() => setKind(value)}
          >
            {label}
          </Button>
        ))}
      </div>
      <div className="flex items-end gap-2">
        <Field
          label="Name of the screen"
          name="name"
          className="min-w-0 grow"
          maxLength={60}
          required
          autoComplete="off"
          placeholder={kind === 'tv' ? 'Living room' : 'Stream'}
        />
        <Button type="submit" look="primary" disabled={make.isPending}>
          Make a link
        </Button>
      </div>
      <Problem text={make.error ? messageOf(make.error) : null} />
    </form>
  )
}

type MadeProps = { roomId: string; made: NewScreenLink; done: () => void }

function MadeLink({ roomId, made: { link, token }, done }: MadeProps) {
  const notify = useNotify()
  const address = useAddress(roomId)
  const url = `${address.origin}/r/${roomId}/${link.kind}#${token}`
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(url)
      notify('Link copied')
    } catch {
      notify('Copying is not allowed here', 'Select the link and copy it by hand.')
    }
  }
  return (
    <div className="border-line flex flex-col items-center gap-3 border-t pt-4">
      <QrCode text={url} label={`QR code of the link for ${link.name}`} />
      <div className="flex w-full gap-2">
        <input
          readOnly
          aria-label={`Link for ${link.name}`}
          className="input text-sm"
          value={url}
          onFocus={(event) => event.target.select()}
        />
        <IconButton label="Copy the link" look="plain" onClick={() => void copy()}>
          <Copy size={17} />
        </IconButton>
        <a
          href={url}
          target="_blank"
          rel="noopener"
          aria-label="Open this screen in a window"
          title="Open this screen in a window"
          className={buttonClass('plain', '!px-0 w-11 shrink-0')}
        >
          <ExternalLink size={17} aria-hidden="true" />
        </a>
      </div>
      <AddressChoice address={address} />
      <p className="text-soft text-sm">
        Tablecast shows this link once. Everyone who has it sees what players see, until you take it back.
      </p>
      <Button onClick={done}>Done</Button>
    </div>
  )
}
