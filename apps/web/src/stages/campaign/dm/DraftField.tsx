import type { StatePatch } from '@tablecast/contracts'
import { useEffect, useId, useRef, useState } from 'react'
import { isStale, useLive } from '../../../live/live-store.ts'
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
  /** Takes the focus when it appears, with its text selected. */
  startsSelected?: boolean
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
  startsSelected = false,
}: Props) {
  const id = useId()
  const edit = useEdit()
  const pasted = usePasteNotice()
  const storageKey = `tablecast.edit.${draftKey}`
  const [draft, setDraft] = useState(() => storage.readJson(storageKey, isDraft))
  const [isSaving, setIsSaving] = useState(false)
  const isOffline = useLive(isStale)
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  /** The person left the field while an earlier text was on its way. */
  const isWanted = useRef(false)

  useEffect(() => {
    storage.write(storageKey, draft && JSON.stringify(draft))
  }, [draft, storageKey])

  useEffect(() => {
    if (!startsSelected) return
    field.current?.focus()
    field.current?.select()
  }, [startsSelected])

  // The text is saved: by this field, by the outbox after a reload, or by somebody who wrote the same.
  const isSaved = draft !== null && !isSaving && draft.text.trim() === value.trim()
  useEffect(() => {
    if (isSaved && document.activeElement !== field.current) setDraft(null)
  }, [isSaved])

  const save = async (text = draft?.text, baseVersion = draft?.baseVersion) => {
    if (text === undefined || baseVersion === undefined) return
    if (isSaving) {
      isWanted.current = true
      return
    }
    const patch = text === value ? null : toPatch(text)
    if (!patch) {
      setDraft(null)
      return
    }
    setIsSaving(true)
    const outcome = await edit({ what: label, patch, baseVersion })
    setIsSaving(false)
    // The draft is kept when it could not be saved, and so is text that was typed meanwhile.
    if (outcome !== 'failed') setDraft((now) => (now?.text === text ? null : now))
  }

  // Text that was typed while an earlier one was on its way follows it.
  useEffect(() => {
    if (isSaving || !isWanted.current) return
    isWanted.current = false
    void save()
  })

  const shared = {
    id,
    ref: field,
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
        {draft && !isSaved && (
          <span className="text-warn text-xs">
            {isSaving ? (isOffline ? 'waits for the connection' : 'saving…') : 'not saved yet'}
          </span>
        )}
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
