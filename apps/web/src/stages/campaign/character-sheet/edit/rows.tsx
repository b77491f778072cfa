// The lists of a sheet, a row for each item.
import type { Attack, Resource, Sheet } from '@tablecast/bestiary/sheet'
import { Plus, Trash2 } from 'lucide-react'
import { type ComponentType, useId } from 'react'
import { newId } from '../../../../api.ts'
import { Button, IconButton } from '../../../../ui/button.tsx'
import { Field } from '../../../../ui/field.tsx'
import { NumberInput } from './NumberInput.tsx'

type RowsProps<T> = { items: readonly T[]; onChange: (items: T[]) => void }
type FieldsProps<T> = { item: T; set: (fields: Partial<T>) => void }
type SavedRoll = Sheet['rolls'][number]

export const AttackRows = (props: RowsProps<Attack>) => (
  <Rows
    {...props}
    title="Attacks"
    add="Add an attack"
    made={() => ({ name: '', toHit: 0, damage: '1d6' })}
    most={20}
    Fields={AttackFields}
  />
)

export const ResourceRows = (props: RowsProps<Resource>) => (
  <Rows
    {...props}
    title="Resources"
    add="Add a resource"
    made={(): Resource => ({ key: newId(), name: '', most: 1, back: 'long' })}
    most={19}
    Fields={ResourceFields}
  />
)

export const RollRows = (props: RowsProps<SavedRoll>) => (
  <Rows
    {...props}
    title="Saved rolls"
    add="Add a roll"
    made={() => ({ name: '', notation: '1d20' })}
    most={30}
    Fields={RollFields}
  />
)

const AttackFields = ({ item, set }: FieldsProps<Attack>) => (
  <>
    <Field
      label="Name"
      value={item.name}
      maxLength={60}
      required
      onChange={({ target }) => set({ name: target.value })}
    />
    <div className="grid grid-cols-[5rem_1fr] gap-2">
      <NumberInput label="To hit" value={item.toHit} least={-99} most={99} onChange={(toHit) => set({ toHit })} />
      <Field
        label="Damage"
        value={item.damage ?? ''}
        maxLength={100}
        placeholder="1d8+3 slashing"
        onChange={({ target }) => set({ damage: target.value.trim() === '' ? null : target.value })}
      />
    </div>
  </>
)

const backs = [
  ['short', 'with a short rest'],
  ['long', 'with a long rest'],
  ['never', 'by hand'],
] as const

const ResourceFields = ({ item, set }: FieldsProps<Resource>) => (
  <>
    <Field
      label="Name"
      value={item.name}
      maxLength={60}
      required
      placeholder="Spell slots, level 1"
      onChange={({ target }) => set({ name: target.value })}
    />
    <div className="grid grid-cols-[5rem_1fr] gap-2">
      <NumberInput
        label="How many"
        value={item.most}
        least={1}
        most={99}
        required
        onChange={(most) => set({ most: most ?? 1 })}
      />
      <BackChoice back={item.back} onChoose={(back) => set({ back })} />
    </div>
  </>
)

function BackChoice({ back, onChoose }: { back: Resource['back']; onChoose: (back: Resource['back']) => void }) {
  const id = useId()
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="text-soft mb-0.5 block text-xs">
        Comes back
      </label>
      <select
        id={id}
        className="input"
        value={back}
        onChange={({ target }) => onChoose(backs.find(([value]) => value === target.value)?.[0] ?? 'long')}
      >
        {backs.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </div>
  )
}

const RollFields = ({ item, set }: FieldsProps<SavedRoll>) => (
  <div className="grid grid-cols-2 gap-2">
    <Field
      label="Name"
      value={item.name}
      maxLength={60}
      required
      onChange={({ target }) => set({ name: target.value })}
    />
    <Field
      label="Dice"
      value={item.notation}
      maxLength={100}
      required
      placeholder="2d6+3"
      onChange={({ target }) => set({ notation: target.value })}
    />
  </div>
)

type Props<T> = RowsProps<T> & {
  title: string
  add: string
  /** A new item. */
  made: () => T
  most: number
  Fields: ComponentType<FieldsProps<T>>
}

function Rows<T extends { name: string }>({ title, add, items, onChange, made, most, Fields }: Props<T>) {
  const set = (place: number, fields: Partial<T>) =>
    onChange(items.map((item, at) => (at === place ? { ...item, ...fields } : item)))
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-semibold">{title}</legend>
      <div className="flex flex-col gap-2">
        {items.map((item, place) => (
          <div
            key={place}
            role="group"
            aria-label={item.name || title}
            className="border-line flex items-start gap-1 rounded-xl border p-2"
          >
            <div className="flex min-w-0 grow flex-col gap-2">
              <Fields item={item} set={(fields) => set(place, fields)} />
            </div>
            <IconButton
              label={`Remove ${item.name || 'this row'}`}
              onClick={() => onChange(items.filter((_one, at) => at !== place))}
            >
              <Trash2 size={16} />
            </IconButton>
          </div>
        ))}
        {items.length < most && (
          <Button onClick={() => onChange([...items, made()])}>
            <Plus size={16} aria-hidden="true" /> {add}
          </Button>
        )}
      </div>
    </fieldset>
  )
}
