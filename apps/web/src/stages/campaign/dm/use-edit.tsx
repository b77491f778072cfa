// Edits of the state by forms: each is based on the version that its editor saw, and a conflict is shown, never lost.
import { AlertDialog } from '@base-ui/react/alert-dialog'
import type { StatePatch } from '@tablecast/contracts'
import { createContext, type ReactNode, use, useState } from 'react'
import { api, messageOf, newKey, refusalOf } from '../../../api.ts'
import { useLive } from '../../../live/live-store.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { useNotify } from '../../../ui/toast.tsx'

/** `what` names the field for people. */
export type Edit = { what: string; patch: StatePatch; baseVersion: number; mine: string }
type Outcome = 'saved' | 'theirs' | 'failed'
type Conflict = Edit & { settle: (choice: 'mine' | 'theirs') => void }

const EditContext = createContext<(edit: Edit) => Promise<Outcome>>(() => Promise.resolve('failed'))

/** Sends an edit. Resolves when it was saved, given up, or not sent. */
export const useEdit = () => use(EditContext)

/** The version of the campaign's state that is shown here. */
export const currentVersion = (): number => useLive.getState().room?.dm?.version ?? 0

export function EditProvider({
  roomId,
  campaignId,
  children,
}: {
  roomId: string
  campaignId: string
  children: ReactNode
}) {
  const [conflict, setConflict] = useState<Conflict | null>(null)
  const notify = useNotify()

  async function send(edit: Edit): Promise<Outcome> {
    try {
      const { patch, baseVersion } = edit
      await api.campaign.edit.mutate({ roomId, campaignId, key: newKey(), baseVersion, patch })
      return 'saved'
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal?.code !== 'CONFLICT') {
        notify(`${edit.what} was not saved`, messageOf(error))
        return 'failed'
      }
      const choice = await new Promise<'mine' | 'theirs'>((settle) => setConflict({ ...edit, settle }))
      setConflict(null)
      if (choice === 'theirs') return 'theirs'
      const newer = (refusal.details as { version?: number } | null)?.version ?? currentVersion()
      return send({ ...edit, baseVersion: newer })
    }
  }

  return (
    <EditContext value={send}>
      {children}
      <AlertDialog.Root open={conflict !== null}>
        <AlertDialog.Portal>
          <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-black/60" />
          <AlertDialog.Popup className="border-line bg-card fixed top-1/2 left-1/2 z-50 w-[min(94vw,32rem)] -translate-x-1/2 -translate-y-1/2 rounded-2xl border p-5 shadow-2xl">
            <AlertDialog.Title className="text-xl">Another DM changed this</AlertDialog.Title>
            <AlertDialog.Description className="text-soft mt-2">
              {conflict?.what} was changed while you were editing. Nothing of yours is saved yet, and nothing is lost.
            </AlertDialog.Description>
            <p className="bg-page mt-3 max-h-40 overflow-y-auto rounded-lg p-3 text-sm whitespace-pre-wrap">
              <span className="text-soft">Yours: </span>
              {conflict?.mine}
            </p>
            <div className="mt-5 flex justify-end gap-3">
              <button type="button" className={buttonClass('plain')} onClick={() => conflict?.settle('theirs')}>
                Take theirs
              </button>
              <button type="button" className={buttonClass('primary')} onClick={() => conflict?.settle('mine')}>
                Keep mine
              </button>
            </div>
          </AlertDialog.Popup>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </EditContext>
  )
}
