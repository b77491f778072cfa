import type { OperationOf } from '@tablecast/rules'
import { conditions as ofTheRules, findCondition } from '@tablecast/rules/conditions'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '../../../../ui/button.tsx'
import { textOf } from '../../../../ui/form.ts'
import { abilities } from '../area-damage.ts'
import { useFight } from '../fight-context.ts'

type For = OperationOf<'addCondition'>['for']

const lasts = [
  ['', 'until it is ended'],
  ['1', '1 round'],
  ['2', '2 rounds'],
  ['3', '3 rounds'],
  ['10', '10 rounds'],
  ['start', 'until its next turn starts'],
  ['end', 'until its next turn ends'],
  ['save', 'until a save'],
] as const

/** A condition for one fighter, or for all who are chosen when this is one of them. */
export function ConditionForm({ id, name }: { id: string; name: string }) {
  const { operate, chosen } = useFight()
  const [lasting, setLasting] = useState('')
  const list = useId()
  const targets = chosen.has(id) ? [...chosen] : [id]
  const whom = targets.length > 1 ? `${targets.length} chosen` : name
  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const values = new FormData(form)
    const typed = textOf(values, 'condition').trim()
    if (typed === '') return
    const until = durationOf(lasting, id, textOf(values, 'ability'), textOf(values, 'dc'))
    const condition = findCondition(typed)?.name ?? typed
    if (await operate({ type: 'addCondition', targets, condition, ...(until ? { for: until } : {}) })) form.reset()
  }
  return (
    <form onSubmit={(event) => void add(event)} className="flex flex-wrap items-center gap-1.5">
      <input
        name="condition"
        list={list}
        aria-label={`Condition of ${whom}`}
        placeholder="Condition"
        maxLength={40}
        autoComplete="off"
        className="input !min-h-9 !w-32 grow !py-0 text-sm"
      />
      <datalist id={list}>
        {ofTheRules.map((one) => (
          <option key={one.name} value={one.name}>
            {one.does}
          </option>
        ))}
      </datalist>
      <div className="flex min-w-0 grow items-center gap-1.5">
        <select
          aria-label="How long it lasts"
          value={lasting}
          onChange={({ target }) => setLasting(target.value)}
          className="bg-raised border-line min-h-9 min-w-0 grow rounded-lg border px-1 text-sm"
        >
          {lasts.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        {lasting === 'save' && (
          <>
            <select
              name="ability"
              aria-label="Ability of the save"
              className="bg-raised border-line min-h-9 rounded-lg border px-1 text-sm"
            >
              {abilities.map((one) => (
                <option key={one} value={one}>
                  {one.toUpperCase()}
                </option>
              ))}
            </select>
            <input
              name="dc"
              type="number"
              inputMode="numeric"
              aria-label="DC of the save"
              defaultValue={13}
              min={1}
              max={99}
              className="input !min-h-9 !w-16 !px-2 !py-0 text-sm"
            />
          </>
        )}
        <Button type="submit" className="!min-h-9 !px-3 text-sm" aria-label={`Add the condition to ${whom}`}>
          Add
        </Button>
      </div>
    </form>
  )
}

function durationOf(lasting: string, of: string, ability: string, dc: string): For {
  if (lasting === '') return undefined
  if (lasting === 'start' || lasting === 'end') return { kind: 'turn', at: lasting, of }
  if (lasting !== 'save') return { kind: 'rounds', rounds: Number(lasting) }
  const found = abilities.find((one) => one === ability)
  return { kind: 'save', ability: found ?? 'con', dc: Math.min(99, Math.max(1, Math.trunc(Number(dc)) || 10)) }
}
