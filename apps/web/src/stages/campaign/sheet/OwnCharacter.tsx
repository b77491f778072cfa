import { damage, heal, type HitPoints, type OwnCharacterFields, type PlayerCharacter } from '@tablecast/contracts'
import { X } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { messageOf } from '../../../api.ts'
import { addCall } from '../../../live/add-call.ts'
import type { RoomCall } from '../../../live/outbox-calls.ts'
import { useOutbox } from '../../../live/outbox-state.ts'
import { Button } from '../../../ui/button.tsx'
import { Problem } from '../../../ui/field.tsx'
import { textOf } from '../../../ui/form.ts'
import { OwnWaiting } from './OwnWaiting.tsx'

/** The campaign in which a player may change the characters that are bound to them. */
export type OwnCampaign = { roomId: string; campaignId: string }

type Props = OwnCampaign & { character: PlayerCharacter }

/** The fields that a player may change of their own character: hit points that they can see, and conditions. */
export function OwnCharacter({ campaignId, character }: Props) {
  const { id: characterId, name } = character
  const isOwn = (call: RoomCall) =>
    call.do === 'editOwn' && call.campaignId === campaignId && call.characterId === characterId
  const waiting = useOutbox((state) => state.waiting)
    .map(({ call }) => call)
    .filter((call) => call.do === 'editOwn')
    .filter(isOwn)
  // A further change follows those that wait for the connection.
  const hp = character.hp && { ...character.hp, ...waiting.findLast(({ is }) => is.hp)?.is.hp }
  const conditions = waiting.findLast(({ is }) => is.conditions)?.is.conditions ?? character.conditions
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const amountId = useId()
  const conditionId = useId()

  const edit = async (change: string, was: OwnCharacterFields, is: OwnCharacterFields) => {
    setIsBusy(true)
    setProblem(null)
    const call = { do: 'editOwn', campaignId, characterId, what: `${name}: ${change}`, was, is } as const
    const outcome = await addCall(call)
    if (outcome.kind === 'refused') setProblem(messageOf(outcome.error))
    setIsBusy(false)
  }
  const editConditions = (is: string[]) => edit(is.join(', ') || 'no conditions', { conditions }, { conditions: is })
  const changeHp = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const submitter = (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null
    const amount = Math.trunc(Number(textOf(new FormData(event.currentTarget), 'amount')))
    if (!hp || !Number.isFinite(amount) || amount < 1) return
    const next = {
      hurt: damage(hp, amount),
      heal: heal(hp, amount),
      temp: { ...hp, temp: amount },
    }[submitter?.value ?? 'hurt']
    const own = ({ current, temp }: typeof hp) => ({ current, temp })
    if (next) void edit(hpInWords(next), { hp: own(hp) }, { hp: own(next) })
    event.currentTarget.reset()
  }
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const condition = textOf(new FormData(event.currentTarget), 'condition').trim()
    if (condition === '' || conditions.includes(condition)) return
    void editConditions([...conditions, condition])
    event.currentTarget.reset()
  }
  return (
    <details className="mt-2">
      <summary className="text-accent flex min-h-11 cursor-pointer items-center text-sm">
        Update HP and conditions
      </summary>
      {hp && (
        <form onSubmit={changeHp} className="flex flex-wrap items-end gap-2">
          <label htmlFor={amountId} className="text-soft w-full text-xs">
            Hit points
          </label>
          <input
            id={amountId}
            name="amount"
            type="number"
            inputMode="numeric"
            min={1}
            max={9999}
            required
            className="input !w-20"
          />
          {(
            [
              ['hurt', 'Hurt'],
              ['heal', 'Heal'],
              ['temp', 'Temporary'],
            ] as const
          ).map(([value, label]) => (
            <Button key={value} type="submit" value={value} disabled={isBusy} className="!px-3 text-sm">
              {label}
            </Button>
          ))}
        </form>
      )}
      <form onSubmit={add} className="mt-2 flex flex-wrap items-end gap-2">
        <label htmlFor={conditionId} className="text-soft w-full text-xs">
          Condition
        </label>
        <input id={conditionId} name="condition" maxLength={40} className="input !w-36 grow" placeholder="prone" />
        <Button type="submit" disabled={isBusy} className="!px-3 text-sm">
          Add
        </Button>
      </form>
      {conditions.length > 0 && (
        <ul aria-label={`End a condition of ${name}`} className="mt-2 flex flex-wrap gap-1.5">
          {conditions.map((condition) => (
            <li key={condition}>
              <Button
                look="quiet"
                disabled={isBusy}
                className="!min-h-9 !px-2 text-xs"
                onClick={() => void editConditions(conditions.filter((one) => one !== condition))}
              >
                <X size={14} aria-hidden="true" /> End {condition}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <OwnWaiting isOwn={isOwn} />
      <Problem text={problem} />
    </details>
  )
}

const hpInWords = ({ current, max, temp }: HitPoints): string =>
  `${current} of ${max} hit points${temp > 0 ? `, ${temp} temporary` : ''}`
