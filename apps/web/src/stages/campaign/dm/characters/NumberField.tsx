import type { StatePatch } from '@tablecast/contracts'
import { DraftField } from '../DraftField.tsx'

type Props = {
  label: string
  /** Null is shown as an empty field. */
  value: number | null
  draftKey: string
  toPatch: (value: number) => StatePatch
  /** The patch for an emptied field; without it an empty field is not saved. */
  emptyPatch?: StatePatch
}

/** A draft field for a whole number of up to four digits. */
export function NumberField({ label, value, draftKey, toPatch, emptyPatch }: Props) {
  return (
    <DraftField
      label={label}
      inputMode="numeric"
      value={String(value ?? '')}
      draftKey={draftKey}
      toPatch={(text) => {
        if (text.trim() === '') return emptyPatch ?? null
        return /^-?\d{1,4}$/.test(text.trim()) ? toPatch(Number(text)) : null
      }}
    />
  )
}
