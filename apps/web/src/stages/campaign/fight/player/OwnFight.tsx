import type { PlayerCharacter } from '@tablecast/contracts'
import type { FormEvent } from 'react'
import { Button } from '../../../../ui/button.tsx'
import { Problem } from '../../../../ui/field.tsx'
import { textOf } from '../../../../ui/form.ts'
import type { AskedOperation, RoomCall } from '../../../../live/outbox-calls.ts'
import { OwnWaiting } from '../../sheet/OwnWaiting.tsx'
import type { Where } from '../use-operate.ts'
import { isAbout } from './own-operations.ts'
import { RealDie } from './RealDie.tsx'
import { useOwnOperations } from './use-own-operations.ts'

export type OwnFightProps = { where: Where; character: PlayerCharacter; isAwaited: boolean }

const changes = [
  ['damage', 'Hurt'],
  ['heal', 'Heal'],
  ['setTemp', 'Temporary'],
] as const

/** A player's own character in a fight: the rules of the server apply to each change. */
export function OwnFight({ where, character, isAwaited }: OwnFightProps) {
  const { id, name, conditions, concentration, downed } = character
  const { operate: send, isWaiting, problem } = useOwnOperations(where)
  const operate = (what: string, operation: AskedOperation) => send(`${name}: ${what}`, operation)
  const isOwn = (call: RoomCall) =>
    call.do === 'operate' && call.campaignId === where.campaignId && isAbout(call.operation, id)
  const initiative: AskedOperation = { type: 'rollInitiative', targets: [id] }
  const deathSave: AskedOperation = { type: 'deathSave', id }
  const changeHp = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const { submitter } = event.nativeEvent as SubmitEvent
    const typed = textOf(new FormData(form), 'amount').trim()
    const amount = /^\d{1,4}$/.test(typed) ? Number(typed) : typed
    if (amount === '') return
    const [type, what] =
      changes.find(([value]) => submitter instanceof HTMLButtonElement && submitter.value === value) ?? changes[0]
    const done = await operate(
      `${what} ${amount}`,
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
    if (condition !== '' && (await operate(condition, { type: 'addCondition', targets: [id], condition }))) form.reset()
  }
  return (
    <div className="mt-2 flex flex-col gap-2 text-sm">
      {isAwaited && (
        <RealDie
          label={`Initiative of ${name}`}
          action="Roll initiative"
          isWaiting={isWaiting(initiative)}
          roll={(rolled) => void operate('Initiative', { ...initiative, ...(rolled ? { rolled } : {}) })}
        />
      )}
      {downed?.state === 'dying' && (
        <RealDie
          label={`Death save of ${name}`}
          action="Roll a death save"
          isWaiting={isWaiting(deathSave)}
          roll={(rolled) => void operate('Death save', { ...deathSave, ...(rolled ? { rolled } : {}) })}
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
              className="!px-2 text-xs md:!min-h-9"
              onClick={() => void operate(`End ${condition}`, { type: 'removeCondition', targets: [id], condition })}
            >
              End {condition}
            </Button>
          ))}
          {concentration && (
            <Button
              look="quiet"
              className="!px-2 text-xs md:!min-h-9"
              onClick={() => void operate(`End ${concentration.on}`, { type: 'concentrate', id, on: null })}
            >
              End {concentration.on}
            </Button>
          )}
        </div>
      )}
      <OwnWaiting isOwn={isOwn} />
      <Problem text={problem} />
    </div>
  )
}
