import type { StatePatch } from '@tablecast/contracts'
import { useEffect, useId, useState } from 'react'
import { storage } from '../../../storage.ts'
import { usePasteNotice } from '../../../ui/use-paste-notice.ts'
import { currentVersion, useEdit } from './use-edit.tsx'

type Props = {
  label: string
  value: string
  /** The patch for a new value; null when it can't be one. */
  toPatch: (text: string) => StatePatch | null
  rows?: number
  inputMode?: 'numeric' | 'text'
  maxLength?: number
  /** Where an unsaved draft waits for a reload. */
  draftKey: string
  className?: string
}

type Draft = { text: string; baseVersion: number }

/** A field that is saved on leaving it. Typed text survives other people's changes and a reload. */
export function DraftField({
  label,
  value,
  toPatch,
  rows,
  inputMode = 'text',
  maxLength = 4_000,
  draftKey,
  className = '',
}: Props) {
  const id = useId()
  const edit = useEdit()
  const pasted = usePasteNotice()
  const storageKey = `tablecast.edit.${draftKey}`
  const [draft, setDraft] = useState(() => storage.readJson(storageKey, isDraft))
  const [isSaving, setIsSaving] = useState(false)

  useEffect(() => {
    storage.write(storageKey, draft && JSON.stringify(draft))
  }, [draft, storageKey])

  const save = async () => {
    if (!draft || isSaving) return
    const patch = draft.text === value ? null : toPatch(draft.text)
    if (!patch) {
      setDraft(null)
      return
    }
    setIsSaving(true)
    const outcome = await edit({ what: label, patch, baseVersion: draft.baseVersion, mine: draft.text })
    setIsSaving(false)
    // The draft is kept when it could not be sent, and so is text that was typed meanwhile.
    if (outcome !== 'failed') setDraft((now) => (now?.text === draft.text ? null : now))
  }

  const shared = {
    id,
    maxLength,
    className: 'input',
    value: draft?.text ?? value,
    onChange: (event: { target: { value: string } }) =>
      setDraft({ text: event.target.value, baseVersion: draft?.baseVersion ?? currentVersion() }),
    onBlur: () => void save(),
    onPaste: pasted,
  }
  return (
    <div className={className}>
      <div className="text-soft mb-1 flex justify-between text-sm">
        <label htmlFor={id}>{label}</label>
        {draft && <span className="text-warn text-xs">{isSaving ? 'saving…' : 'not saved yet'}</span>}
      </div>
      {rows ? (
        <textarea {...shared} rows={rows} />
      ) : (
        <input
          {...shared}
          inputMode={inputMode}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void save()
            if (event.key === 'Escape') setDraft(null)
          }}
        />
      )}
    </div>
  )
}

const isDraft = (value: unknown): value is Draft =>
  typeof value === 'object' &&
  value !== null &&
  'text' in value &&
  typeof value.text === 'string' &&
  'baseVersion' in value &&
  typeof value.baseVersion === 'number'
