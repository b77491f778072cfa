// Edits of the state by forms: each is based on the version that its editor saw, and a conflict is shown, never lost.
import { AlertDialog } from '@base-ui/react/alert-dialog'
import type { CampaignState, StatePatch } from '@tablecast/contracts'
import { createContext, type ReactNode, use, useState } from 'react'
import { messageOf, refusalOf } from '../../../api.ts'
import { useLive } from '../../../live/live-store.ts'
import { openedOutbox } from '../../../live/outbox-state.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { useNotify } from '../../../ui/toast.tsx'
import { type Difference, differences } from './conflict-words.ts'

/** `what` names the field for people. */
export type Edit = { what: string; patch: StatePatch; baseVersion: number }
type Outcome = 'saved' | 'theirs' | 'failed'
type Conflict = { what: string; both: Difference[]; settle: (choice: 'mine' | 'theirs') => void }

const EditContext = createContext<(edit: Edit) => Promise<Outcome>>(() => Promise.resolve('failed'))

/** Sends an edit, as soon as there is a connection. Resolves when it was saved, given up, or refused. */
export const useEdit = () => use(EditContext)

/** The version of the campaign's state that is shown here. */
export const currentVersion = (): number => useLive.getState().room?.dm?.version ?? 0

export function EditProvider({ campaignId, children }: { campaignId: string; children: ReactNode }) {
  // Several edits of one field may conflict at once. They are asked about one after the other.
  const [conflicts, setConflicts] = useState<readonly Conflict[]>([])
  const [conflict] = conflicts
  const notify = useNotify()

  async function send({ what, patch, baseVersion }: Edit): Promise<Outcome> {
    const box = await openedOutbox()
    const outcome = await box.add({ do: 'edit', campaignId, what, baseVersion, patch })
    if (outcome.kind === 'sent') return 'saved'
    if (outcome.kind !== 'refused') return 'failed'
    const newer = newerOf(outcome.error)
    // One that had to wait stands in the outbox with its reason.
    if (!newer && !outcome.isLate) notify(`${what} was not saved`, messageOf(outcome.error))
    if (!newer) return 'failed'
    box.drop(outcome.key)
    const both = differences(patch, newer.state)
    // Both wrote the same.
    if (both.length === 0) return 'theirs'
    const choice = await new Promise<'mine' | 'theirs'>((settle) =>
      setConflicts((known) => [...known, { what, both, settle }]),
    )
    setConflicts((known) => known.slice(1))
    return choice === 'theirs' ? 'theirs' : send({ what, patch, baseVersion: newer.version })
  }

  return (
    <EditContext value={send}>
      {children}
      <AlertDialog.Root open={conflict !== undefined}>
        <AlertDialog.Portal>
          <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-black/60" />
          <AlertDialog.Popup className="border-line bg-card fixed top-1/2 left-1/2 z-50 w-[min(94vw,32rem)] -translate-x-1/2 -translate-y-1/2 rounded-2xl border p-5 shadow-2xl">
            <AlertDialog.Title className="text-xl">Another DM changed this</AlertDialog.Title>
            <AlertDialog.Description className="text-soft mt-2">
              {conflict?.what} was changed while you were editing. Nothing of yours is saved yet, and nothing is lost.
            </AlertDialog.Description>
            {conflict?.both.map(({ field, mine, theirs }) => (
              <div key={field} className="bg-page mt-3 max-h-60 overflow-y-auto rounded-lg p-3 text-sm">
                {field && <p className="mb-1 font-semibold">{field}</p>}
                <Side whose="Yours" text={mine} />
                <Side whose="Theirs" text={theirs} />
              </div>
            ))}
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

const Side = ({ whose, text }: { whose: string; text: string }) => (
  <p className="mt-1 [overflow-wrap:anywhere] whitespace-pre-wrap">
    <span className="text-soft">{whose}: </span>
    {text}
  </p>
)

/** The newer state of a conflict; null for another refusal. */
function newerOf(error: unknown): { version: number; state: CampaignState } | null {
  const refusal = refusalOf(error)
  return refusal?.code === 'CONFLICT' && isNewer(refusal.details) ? refusal.details : null
}

/** The server of this page wrote it. */
const isNewer = (details: unknown): details is { version: number; state: CampaignState } =>
  typeof details === 'object' &&
  details !== null &&
  'version' in details &&
  typeof details.version === 'number' &&
  'state' in details &&
  typeof details.state === 'object'
