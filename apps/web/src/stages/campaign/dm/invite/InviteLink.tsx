import type { Invite } from '@tablecast/contracts'
import { Copy } from 'lucide-react'
import { serverClock } from '../../../../server-clock.ts'
import { IconButton } from '../../../../ui/button.tsx'
import { QrCode } from '../../../../ui/qr-code.tsx'
import { useNotify } from '../../../../ui/toast.tsx'

/** `origin`: of the address in the link, as `http://192.168.1.20:8000`. */
export function InviteLink({ invite, origin }: { invite: Invite; origin: string }) {
  const notify = useNotify()
  const link = `${origin}/join/${invite.code}`
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
  const used = maxUses === null ? `unlimited${uses > 0 ? `, ${uses} so far` : ''}` : `${uses} of ${maxUses}`
  if (expiresAt === null) return `Expires: never · Uses: ${used}`
  const isOver = Date.parse(expiresAt) <= serverClock.now()
  const at = new Date(expiresAt).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })
  return `${isOver ? 'Expired' : 'Expires'}: ${at} · Uses: ${used}`
}
