// The figures of a sheet as a form, for a new character and for a known one.
import type { Sheet } from '@tablecast/bestiary/sheet'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { Button } from '../../../../ui/button.tsx'
import { Field } from '../../../../ui/field.tsx'
import { AbilityFields } from './AbilityFields.tsx'
import { NumberInput } from './NumberInput.tsx'
import { AttackRows, ResourceRows, RollRows } from './rows.tsx'

/** `hp` is null where the person does not see the hit points. `name` is null for a character that has one. */
export type SheetDraft = { name: string | null; hp: number | null; armourClass: number | null; sheet: Sheet }

type Props = {
  start: SheetDraft
  action: string
  isBusy: boolean
  onSave: (draft: SheetDraft) => void
  onCancel: () => void
  children?: ReactNode
}

export function SheetForm({ start, action, isBusy, onSave, onCancel, children }: Props) {
  const [draft, setDraft] = useState(start)
  const notesId = useId()
  const { sheet } = draft
  const set = (fields: Partial<Sheet>) => setDraft((now) => ({ ...now, sheet: { ...now.sheet, ...fields } }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSave(draft)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {draft.name !== null && (
        <Field
          label="Name"
          value={draft.name}
          maxLength={60}
          required
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
      )}
      <Field
        label="Ancestry and class"
        value={sheet.heading}
        maxLength={120}
        placeholder="Elf, Wizard"
        onChange={(event) => set({ heading: event.target.value })}
      />
      <div className="grid grid-cols-3 gap-2">
        <NumberInput
          label="Level"
          value={sheet.level}
          least={1}
          most={20}
          required
          onChange={(level) => set({ level: level ?? 1 })}
        />
        {start.hp !== null && (
          <NumberInput
            label="Most hit points"
            value={draft.hp}
            least={1}
            most={9_999}
            required
            onChange={(hp) => setDraft((now) => ({ ...now, hp: hp ?? 1 }))}
          />
        )}
        {start.hp !== null && (
          <NumberInput
            label="Armour class"
            value={draft.armourClass}
            least={0}
            most={99}
            onChange={(armourClass) => setDraft((now) => ({ ...now, armourClass }))}
          />
        )}
        <NumberInput
          label="Proficiency"
          value={sheet.proficiency}
          least={0}
          most={20}
          required
          onChange={(proficiency) => set({ proficiency: proficiency ?? 0 })}
        />
        <NumberInput
          label="Initiative"
          value={sheet.initiative}
          least={-99}
          most={99}
          required
          onChange={(initiative) => set({ initiative: initiative ?? 0 })}
        />
        <Field
          label="Speed"
          className="[&_label]:mb-0.5 [&_label]:text-xs"
          value={sheet.speed}
          maxLength={60}
          onChange={(event) => set({ speed: event.target.value })}
        />
      </div>
      <AbilityFields sheet={sheet} set={set} />
      <AttackRows items={sheet.attacks} onChange={(attacks) => set({ attacks })} />
      <ResourceRows items={sheet.resources} onChange={(resources) => set({ resources })} />
      <RollRows items={sheet.rolls} onChange={(rolls) => set({ rolls })} />
      <div>
        <label htmlFor={notesId} className="text-soft mb-1 block text-sm">
          Notes
        </label>
        <textarea
          id={notesId}
          rows={5}
          maxLength={8_000}
          className="input"
          value={sheet.notes}
          onChange={(event) => set({ notes: event.target.value })}
        />
      </div>
      {children}
      <div className="border-line bg-card sticky -bottom-5 -mx-5 -mb-5 grid grid-cols-2 gap-2 border-t px-5 py-3">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="primary" disabled={isBusy}>
          {action}
        </Button>
      </div>
    </form>
  )
}
