import { Pencil, RotateCcw, Trash2 } from 'lucide-react'
import { startOf } from '@tablecast/contracts'
import { type FormEvent, useEffect, useId, useState } from 'react'
import { messageOf } from '../../../api.ts'
import { addCall } from '../../../live/add-call.ts'
import type { RoomCall } from '../../../live/outbox-calls.ts'
import { Button } from '../../../ui/button.tsx'
import { Problem } from '../../../ui/field.tsx'
import { usePart } from '../../../ui/use-part.tsx'
import { whoSeesEntry } from '../dm/who-sees/seen-by.ts'
import { hasOwnWords } from './entry-kinds.ts'
import type { EntryMenuProps } from './StoryEntry.tsx'

const loadWhoSees = () => import('../dm/who-sees/WhoSees.tsx').then(({ WhoSees }) => WhoSees)

type Props = EntryMenuProps & { onClose: () => void }

/** Edits, deletes and puts back one entry. */
export function EntryTools({ entry, place: { campaignId, isDm }, onClose }: Props) {
  const [text, setText] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const { Part: WhoSees, want } = usePart(loadWhoSees)
  useEffect(() => {
    if (isDm) want()
  }, [isDm, want])
  const id = useId()
  const ofEntry = { campaignId, entryId: entry.id }

  const act = async (call: RoomCall) => {
    setIsBusy(true)
    setProblem(null)
    // The outbox shows what waits, below the story.
    const outcome = await addCall(call)
    setIsBusy(false)
    if (outcome.kind === 'refused') setProblem(messageOf(outcome.error))
    else onClose()
  }
  const setDeleted = (deleted: boolean) => void act({ do: 'deleteEntry', ...ofEntry, deleted })
  const save = (event: FormEvent) => {
    event.preventDefault()
    const next = text?.trim() ?? ''
    if (next === '' || next === entry.text) return onClose()
    void act({ do: 'editEntry', ...ofEntry, text: next })
  }

  return (
    <div className="border-line bg-card clear-right mb-2 rounded-xl border p-3 font-sans text-base not-italic">
      <Problem text={problem} />
      {text === null ? (
        <div className="flex flex-wrap items-center gap-2">
          {entry.deleted ? (
            <Button disabled={isBusy} onClick={() => setDeleted(false)}>
              <RotateCcw size={16} aria-hidden="true" /> Put back
            </Button>
          ) : (
            <>
              {hasOwnWords(entry) && (
                <Button disabled={isBusy} onClick={() => setText(entry.text)}>
                  <Pencil size={16} aria-hidden="true" /> Edit
                </Button>
              )}
              <Button look="danger" disabled={isBusy} onClick={() => setDeleted(true)}>
                <Trash2 size={16} aria-hidden="true" /> Delete
              </Button>
            </>
          )}
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          {isDm && WhoSees && <WhoSees of={startOf(entry.text, 40)} seenBy={whoSeesEntry(entry)} />}
        </div>
      ) : (
        <form onSubmit={save}>
          <label htmlFor={id} className="text-soft mb-1 block text-sm">
            The words of this entry
          </label>
          <textarea
            id={id}
            rows={Math.min(10, Math.max(2, text.split('\n').length))}
            maxLength={20_000}
            className="input resize-y"
            value={text}
            // The person has just chosen to edit these words.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && onClose()}
          />
          <div className="mt-2 flex justify-end gap-2">
            <Button look="quiet" onClick={onClose}>
              Cancel
            </Button>
            <Button look="primary" type="submit" disabled={isBusy || text.trim() === ''}>
              Save
            </Button>
          </div>
        </form>
      )}
    </div>
  )
}
