import { useEffect, useId, useRef, useState } from 'react'
import { usePasteNotice } from '../../../../ui/use-paste-notice.ts'

type Props = {
  label: string
  value: string
  /** Resolves to null when it was refused: the text stays in the field. */
  save: (text: string) => Promise<unknown>
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
  const [draft, setDraft] = useState<string | null>(null)
  useEffect(() => {
    if (!startsSelected) return
    field.current?.focus()
    field.current?.select()
  }, [startsSelected])
  const leave = async () => {
    const text = draft?.trim()
    if (text === undefined || text === value || (isRequired && text === '')) return setDraft(null)
    if ((await save(text)) !== null) setDraft((now) => (now?.trim() === text ? null : now))
  }
  const shared = {
    id,
    ref: field,
    dir: 'auto',
    maxLength,
    className: 'input',
    value: draft ?? value,
    'aria-describedby': hint ? `${id}-hint` : undefined,
    onChange: (event: { target: { value: string } }) => setDraft(event.target.value),
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
