import type { PlayerCharacter } from '@tablecast/contracts'
import { type FormEvent, useState } from 'react'
import { Button } from '../../../../ui/button.tsx'
import { Problem } from '../../../../ui/field.tsx'
import { textOf } from '../../../../ui/form.ts'
import { type AskedOperation, operateAt, type Where } from '../use-operate.ts'
import { RealDie } from './RealDie.tsx'

export type OwnFightProps = { where: Where; character: PlayerCharacter; isAwaited: boolean }

const changes = [
  ['damage', 'Hurt'],
  ['heal', 'Heal'],
  ['setTemp', 'Temporary'],
] as const

/** A player's own character in a fight: the rules of the server apply to each change. */
export function OwnFight({ where, character, isAwaited }: OwnFightProps) {
  const { id, name, conditions, concentration, downed } = character
  const [problem, setProblem] = useState<string | null>(null)
  const send = operateAt(where, setProblem)
  const operate = (operation: AskedOperation) => {
    setProblem(null)
    return send(operation)
  }
  const changeHp = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const { submitter } = event.nativeEvent as SubmitEvent
    const typed = textOf(new FormData(form), 'amount').trim()
    const amount = /^\d{1,4}$/.test(typed) ? Number(typed) : typed
    if (amount === '') return
    const type = changes.find(([value]) => submitter instanceof HTMLButtonElement && submitter.value === value)?.[0]
    const done = await operate(
      type === 'heal' || type === 'setTemp'
        ? { type, targets: [id], amount }
        : { type: 'damage', targets: [{ id }], amount },
    )
    if (done) form.reset()
  }
  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const condition = textOf(new FormData(form), 'condition').trim()
    if (condition !== '' && (await operate({ type: 'addCondition', targets: [id], condition }))) form.reset()
  }
  return (
    <div className="mt-2 flex flex-col gap-2 text-sm">
      {isAwaited && (
        <RealDie
          label={`Initiative of ${name}`}
          action="Roll initiative"
          roll={(rolled) => void operate({ type: 'rollInitiative', targets: [id], ...(rolled ? { rolled } : {}) })}
        />
      )}
      {downed?.state === 'dying' && (
        <RealDie
          label={`Death save of ${name}`}
          action="Roll a death save"
          roll={(rolled) => void operate({ type: 'deathSave', id, ...(rolled ? { rolled } : {}) })}
        />
      )}
      <form onSubmit={(event) => void changeHp(event)} className="flex flex-wrap items-center gap-1.5">
        <input
          name="amount"
          aria-label={`Amount for ${name}`}
          placeholder="7 or 2d6"
          autoComplete="off"
          maxLength={40}
          className="input !min-h-11 !w-20 grow !px-2 !py-0"
        />
        {changes.map(([value, label]) => (
          <Button key={value} type="submit" value={value} className="!px-3 text-sm">
            {label}
          </Button>
        ))}
      </form>
      <form onSubmit={(event) => void add(event)} className="flex gap-1.5">
        <input
          name="condition"
          aria-label={`Condition of ${name}`}
          placeholder="Condition"
          autoComplete="off"
          maxLength={40}
          className="input !min-h-11 !w-28 grow !px-2 !py-0"
        />
        <Button type="submit" className="!px-3 text-sm">
          Add
        </Button>
      </form>
      {(conditions.length > 0 || concentration) && (
        <div className="flex flex-wrap gap-1.5">
          {conditions.map((condition) => (
            <Button
              key={condition}
              look="quiet"
              className="!min-h-9 !px-2 text-xs"
              onClick={() => void operate({ type: 'removeCondition', targets: [id], condition })}
            >
              End {condition}
            </Button>
          ))}
          {concentration && (
            <Button
              look="quiet"
              className="!min-h-9 !px-2 text-xs"
              onClick={() => void operate({ type: 'concentrate', id, on: null })}
            >
              End {concentration.on}
            </Button>
          )}
        </div>
      )}
      <Problem text={problem} />
    </div>
  )
}
