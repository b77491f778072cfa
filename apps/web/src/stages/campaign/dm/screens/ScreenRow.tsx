import type { ScreenLink } from '@tablecast/contracts'
import { useMutation } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { api, messageOf, newKey } from '../../../../api.ts'
import { IconButton } from '../../../../ui/button.tsx'
import { Confirm } from '../../../../ui/dialog.tsx'
import { useNotify } from '../../../../ui/toast.tsx'

type Props = { roomId: string; link: ScreenLink; onChanged: () => void }

/** A link that exists. Its address is known to those who have it. */
export function ScreenRow({ roomId, link, onChanged }: Props) {
  const { id, name, kind, createdBy, lastUsedAt } = link
  const notify = useNotify()
  const revoke = useMutation({
    mutationFn: () => api.screens.revoke.mutate({ roomId, key: newKey(), linkId: id }),
    onSuccess: onChanged,
    onError: (error) => notify('The link was not taken back', messageOf(error)),
  })
  return (
    <li className="border-line flex items-center gap-2 rounded-xl border py-1 pr-1 pl-3">
      <div className="min-w-0 grow">
        <p dir="auto" className="truncate font-semibold">
          {name}
        </p>
        <p className="text-soft text-sm">
          {kind === 'tv' ? 'Television' : 'Overlay'} by {createdBy} · {usedWords(lastUsedAt)}
        </p>
      </div>
      <Confirm
        title={`Take back the link for ${name}?`}
        text="Its screens go dark at once, and the link never works again."
        action="Take back"
        danger
        onConfirm={() => revoke.mutate()}
        trigger={
          <IconButton label={`Take back the link for ${name}`}>
            <Trash2 size={17} />
          </IconButton>
        }
      />
    </li>
  )
}

const usedWords = (at: string | null): string =>
  at === null
    ? 'never used'
    : `last used ${new Date(at).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })}`
