import { useEffect, useId, useRef, useState } from 'react'
import { usePasteNotice } from '../../../../ui/use-paste-notice.ts'

type Props = {
  label: string
  value: string
  /** `was`: the text that the person began with. Resolves to null when it was refused: the text stays in the field. */
  save: (text: string, was: string) => Promise<unknown>
  maxLength: number
  rows?: number
  hint?: string
  /** An empty text is not saved. */
  isRequired?: boolean
  /** Takes the focus when it appears, with its text selected. */
  startsSelected?: boolean
}

/** A field that is saved on leaving it. */
export function SavedField({
  label,
  value,
  save,
  maxLength,
  rows,
  hint,
  isRequired = false,
  startsSelected = false,
}: Props) {
  const id = useId()
  const pasted = usePasteNotice()
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  const [draft, setDraft] = useState<{ text: string; was: string } | null>(null)
  useEffect(() => {
    if (!startsSelected) return
    field.current?.focus()
    field.current?.select()
  }, [startsSelected])
  const leave = async () => {
    const text = draft?.text.trim()
    if (!draft || text === undefined || text === value || (isRequired && text === '')) return setDraft(null)
    if ((await save(text, draft.was)) !== null) setDraft((now) => (now?.text.trim() === text ? null : now))
  }
  const shared = {
    id,
    ref: field,
    dir: 'auto',
    maxLength,
    className: 'input',
    value: draft ? draft.text : value,
    'aria-describedby': hint ? `${id}-hint` : undefined,
    onChange: ({ target }: { target: { value: string } }) =>
      setDraft((now) => ({ text: target.value, was: now ? now.was : value })),
    onBlur: () => void leave(),
    onPaste: pasted,
  }
  return (
    <div>
      <label htmlFor={id} className="text-soft mb-1 block text-sm">
        {label}
      </label>
      {rows ? (
        <textarea {...shared} rows={rows} />
      ) : (
        <input
          {...shared}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void leave()
            if (event.key === 'Escape') setDraft(null)
          }}
        />
      )}
      {hint && (
        <p id={`${id}-hint`} className="text-soft mt-1 text-xs">
          {hint}
        </p>
      )}
    </div>
  )
}
