import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { messageOf } from '../../../../api.ts'
import { useLive } from '../../../../live/live-store.ts'
import { Button } from '../../../../ui/button.tsx'
import { Problem } from '../../../../ui/field.tsx'
import { useDialogPart } from '../../../../ui/use-part.tsx'
import { loadBring } from '../later-parts.ts'
import { operateSheets } from '../operate-sheets.ts'
import type { Where } from '../use-sheet.ts'

/** Brings a character, and shows those that wait for the DM. */
export function BringButton({ where }: { where: Where }) {
  const { Part: BringCharacter, isOpen, open, setOpen, problem } = useDialogPart(loadBring)
  const [refused, setRefused] = useState<string | null>(null)
  const requests = useLive(({ own }) => own?.view.requests) ?? []
  const takeBack = (requestId: string) => {
    setRefused(null)
    operateSheets(where, { type: 'decline', requestId }).catch((error: unknown) => setRefused(messageOf(error)))
  }
  return (
    <>
      {requests.map(({ id, name }) => (
        <div key={id} className="border-line mt-2 flex items-center gap-2 rounded-xl border border-dashed p-3">
          <p className="min-w-0 grow text-sm [overflow-wrap:anywhere]">
            <b>{name}</b> <span className="text-soft">waits for the DM.</span>
          </p>
          <Button look="quiet" className="!px-2 text-sm" onClick={() => takeBack(id)}>
            Take back<span className="sr-only"> {name}</span>
          </Button>
        </div>
      ))}
      <Problem text={refused} />
      <Button
        look="quiet"
        className="mt-2 w-full text-sm"
        aria-haspopup="dialog"
        data-command="Your character"
        data-words="sheet import paste D&D Beyond new"
        onClick={open}
      >
        <UserPlus size={16} aria-hidden="true" /> Bring a character
      </Button>
      {isOpen && BringCharacter && <BringCharacter where={where} onClose={() => setOpen(false)} />}
      {problem}
    </>
  )
}
