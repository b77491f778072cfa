import type { Character } from '@tablecast/contracts'
import { type FormEvent } from 'react'
import { Button } from '../../../../ui/button.tsx'
import { textOf } from '../../../../ui/form.ts'
import { keptOfCharacter, whoSees } from '../../dm/who-sees/seen-by.ts'
import { WhoSees } from '../../dm/who-sees/WhoSees.tsx'
import { useFight } from '../fight-context.ts'
import type { AskedOperation } from '../../../../live/outbox-calls.ts'
import { ConditionForm } from './ConditionForm.tsx'

type Props = { fighter: Character; index: number; isLast: boolean; isActing: boolean; move: (by: number) => void }

/** Everything else that a DM does to one fighter. */
export function FighterDetails({ fighter, index, isLast, move }: Props) {
  const { id, name, downed, waiting, visible, alias, block } = fighter
  const { operate, openBlock } = useFight()
  const isOut = downed?.state === 'defeated' || downed?.state === 'dead'
  const actions: [string, AskedOperation][] = [
    ...(downed
      ? [['Bring back', { type: 'revive', targets: [id] }] as [string, AskedOperation]]
      : [['Defeated', { type: 'defeat', targets: [id] }] as [string, AskedOperation]]),
    ...(downed?.state === 'dying' ? [['Stabilise', { type: 'stabilise', id }] as [string, AskedOperation]] : []),
    ...(!waiting && !isOut
      ? ([
          ['Ready', { type: 'wait', id, how: 'ready' }],
          ['Delay', { type: 'wait', id, how: 'delayed' }],
        ] as [string, AskedOperation][])
      : []),
    [visible ? 'Hide' : 'Show to players', { type: 'show', targets: [id], visible: !visible }],
    ...(alias ? [['Reveal the name', { type: 'revealName', targets: [id] }] as [string, AskedOperation]] : []),
    ['Roll initiative', { type: 'rollInitiative', targets: [id] }],
    ['Leave the fight', { type: 'removeFighters', targets: [id], from: 'fight' }],
  ]
  return (
    <div className="mt-2 flex flex-col gap-2 pl-1">
      <ConditionForm id={id} name={name} />
      <div className="grid grid-cols-2 gap-1.5">
        <ValueForm
          label={`Initiative of ${name}`}
          placeholder="Initiative"
          toOperation={(text) => ({ type: 'setInitiative', id, initiative: numberOr(text) })}
        />
        <ValueForm
          label={`Concentration of ${name}`}
          placeholder="Concentrates on"
          toOperation={(on) => ({ type: 'concentrate', id, on })}
        />
        <ValueForm
          label={`Hit points of ${name}`}
          placeholder="Set HP"
          isNumber
          toOperation={(text) => ({ type: 'setHitPoints', targets: [id], current: Math.min(9_999, Number(text)) })}
        />
        <ValueForm
          label={`Players see ${name} as`}
          placeholder="Alias"
          toOperation={(text) => ({ type: 'setAlias', targets: [id], alias: text })}
        />
      </div>
      <div role="group" aria-label={`Actions for ${name}`} className="flex flex-wrap gap-1.5">
        <WhoSees
          of={`the fighter ${name}`}
          seenBy={whoSees(fighter)}
          note={keptOfCharacter(fighter)}
          className="!min-h-9"
        />
        {block && (
          <Button className="!min-h-9 !px-3 text-sm" onClick={() => openBlock(fighter)}>
            Stat block
          </Button>
        )}
        {actions.map(([label, operation]) => (
          <Button key={label} className="!min-h-9 !px-3 text-sm" onClick={() => void operate(operation)}>
            {label}
          </Button>
        ))}
        <Button className="!min-h-9 !px-3 text-sm" disabled={index === 0} onClick={() => move(-1)}>
          Move up
        </Button>
        <Button className="!min-h-9 !px-3 text-sm" disabled={isLast} onClick={() => move(1)}>
          Move down
        </Button>
      </div>
    </div>
  )
}

/** A number as it is; other text may be dice. */
const numberOr = (text: string): number | string => (/^-?\d{1,2}(?:\.\d)?$/.test(text) ? Number(text) : text)

type ValueFormProps = {
  label: string
  placeholder: string
  isNumber?: boolean
  toOperation: (text: string) => AskedOperation
}

/** A field that Enter applies. */
function ValueForm({ label, placeholder, isNumber = false, toOperation }: ValueFormProps) {
  const { operate } = useFight()
  const apply = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const text = textOf(new FormData(form), 'value').trim()
    if (text !== '' && (await operate(toOperation(text)))) form.reset()
  }
  return (
    <form onSubmit={(event) => void apply(event)}>
      <input
        name="value"
        aria-label={label}
        placeholder={placeholder}
        autoComplete="off"
        maxLength={60}
        {...(isNumber ? { type: 'number', inputMode: 'numeric', min: 0, max: 9_999 } : {})}
        className="input !min-h-9 !px-2 !py-0 text-sm"
      />
    </form>
  )
}
