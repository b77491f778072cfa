// A DM's edit of something that another DM changed meanwhile: both sides are shown, and the DM chooses.
import { AlertDialog } from '@base-ui/react/alert-dialog'
import { createContext, type ReactNode, use, useState } from 'react'
import { buttonClass } from '../../../ui/button.tsx'
import type { Difference } from './conflict-words.ts'

type Choice = 'mine' | 'theirs'
type AskedConflict = { what: string; both: readonly Difference[] }
type Conflict = AskedConflict & { settle: (choice: Choice) => void }

const ConflictContext = createContext<(conflict: AskedConflict) => Promise<Choice>>(() => Promise.resolve('theirs'))

/** Asks the DM. `what` names the field for people. */
export const useAskConflict = () => use(ConflictContext)

export function ConflictProvider({ children }: { children: ReactNode }) {
  // Several edits of one field may conflict at once. They are asked about one after the other.
  const [conflicts, setConflicts] = useState<readonly Conflict[]>([])
  const [conflict] = conflicts

  async function ask(asked: AskedConflict): Promise<Choice> {
    const choice = await new Promise<Choice>((settle) => setConflicts((known) => [...known, { ...asked, settle }]))
    setConflicts((known) => known.slice(1))
    return choice
  }

  return (
    <ConflictContext value={ask}>
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
    </ConflictContext>
  )
}

const Side = ({ whose, text }: { whose: string; text: string }) => (
  <p className="mt-1 [overflow-wrap:anywhere] whitespace-pre-wrap">
    <span className="text-soft">{whose}: </span>
    {text}
  </p>
)
