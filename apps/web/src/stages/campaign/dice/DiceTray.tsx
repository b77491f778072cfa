// The dice of a person: a die for each tap, saved rolls, and the last results.
import { useState } from 'react'
import { Dialog } from '../../../ui/dialog.tsx'
import { Problem } from '../../../ui/field.tsx'
import { LastRolls } from './LastRolls.tsx'
import { ModeChoice } from './ModeChoice.tsx'
import { type Mode, takesMode } from './roll-message.ts'
import { SavedRolls } from './SavedRolls.tsx'
import { Stepper } from './Stepper.tsx'
import { useRolls } from './use-rolls.ts'

export type DiceTrayProps = {
  roomId: string
  /** Null while no campaign is open. */
  campaignId: string | null
  myId: string
  isDm: boolean
  /** Rolls go to the DM as whispers. */
  whispers?: boolean
  onClose: () => void
}

const dice = [4, 6, 8, 10, 12, 20, 100]

export function DiceTray({ roomId, campaignId, myId, isDm, whispers = false, onClose }: DiceTrayProps) {
  const { roll, problem, answer } = useRolls({ whispers })
  const [count, setCount] = useState(1)
  const [modifier, setModifier] = useState(0)
  const [mode, setMode] = useState<Mode>('plain')
  const [isSecret, setIsSecret] = useState(false)
  const throwDice = (notation: string, label?: string) => {
    void roll({ notation, ...(label ? { label } : {}), mode, isSecret })
    if (takesMode(notation)) setMode('plain')
  }
  const withModifier = modifier === 0 ? '' : modifier > 0 ? `+${modifier}` : String(modifier)
  return (
    <Dialog title="Dice" isLow open onOpenChange={onClose}>
      <div className="flex flex-col gap-3">
        <LastRolls myId={myId} count={3} />
        <p role="status" className="text-soft text-sm empty:hidden">
          {answer}
        </p>
        <Problem text={problem} />
        {campaignId !== null && !isDm && (
          <SavedRolls where={{ roomId, campaignId }} myId={myId} roll={(one) => throwDice(one.notation, one.name)} />
        )}
        <ModeChoice mode={mode} onMode={setMode} isSecret={isSecret} onSecret={setIsSecret} isDm={isDm} />
        <div className="grid grid-cols-2 gap-2">
          <Stepper label="Dice" value={count} least={1} most={40} onChange={setCount} />
          <Stepper
            label="Modifier"
            value={modifier}
            shown={withModifier || '+0'}
            least={-99}
            most={99}
            onChange={setModifier}
          />
        </div>
        <div
          role="group"
          aria-label="Roll"
          className="bg-card sticky -bottom-5 -mx-5 -mb-5 grid grid-cols-4 gap-2 px-5 pt-1 pb-5"
        >
          {dice.map((sides) => (
            <button
              key={sides}
              type="button"
              className={`bg-raised border-line hover:border-accent active:bg-accent active:text-on-accent min-h-16 rounded-xl border text-lg font-semibold tabular-nums ${sides === 20 ? 'border-accent text-accent col-span-2' : ''}`}
              onClick={() => throwDice(`${count}d${sides}${withModifier}`)}
            >
              <span className="sr-only">Roll </span>
              {count > 1 && count}d{sides}
              {withModifier}
            </button>
          ))}
        </div>
      </div>
    </Dialog>
  )
}
