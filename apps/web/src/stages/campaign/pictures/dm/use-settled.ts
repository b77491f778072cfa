import { useState } from 'react'
import { Timers } from '../../../../live/timers.ts'

const SETTLED_MS = 500

/** A value that changes many times while a person drags. It is saved once it has been still for a moment. */
export function useSettled<T>(saved: T, save: (value: T) => Promise<unknown>): [T, (value: T) => void] {
  const [draft, setDraft] = useState<{ value: T } | null>(null)
  // Left to run when the field goes, so that the last change is saved.
  const [timers] = useState(() => new Timers())
  const change = (value: T) => {
    setDraft({ value })
    timers.set('save', SETTLED_MS, () => {
      void save(value).finally(() => setDraft((now) => (now?.value === value ? null : now)))
    })
  }
  return [draft ? draft.value : saved, change]
}
