import { useId } from 'react'
import { Switch } from '../../../ui/switch.tsx'
import type { Mode } from './roll-message.ts'

const modes = [
  ['disadvantage', 'Disadvantage'],
  ['plain', 'Normal'],
  ['advantage', 'Advantage'],
] as const

type Props = {
  mode: Mode
  onMode: (mode: Mode) => void
  isSecret: boolean
  onSecret: (isSecret: boolean) => void
  isDm: boolean
}

/** How the next d20 is rolled, and who sees it. */
export function ModeChoice({ mode, onMode, isSecret, onSecret, isDm }: Props) {
  const name = useId()
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
      <fieldset className="border-line bg-page flex min-w-0 grow overflow-hidden rounded-lg border">
        <legend className="sr-only">The next d20</legend>
        {modes.map(([value, label]) => (
          <label
            key={value}
            className="has-checked:bg-accent has-checked:text-on-accent has-focus-visible:outline-accent flex min-h-11 grow cursor-pointer items-center justify-center px-3 text-sm outline-offset-2 has-focus-visible:outline-2"
          >
            <input
              type="radio"
              name={name}
              value={value}
              checked={mode === value}
              onChange={() => onMode(value)}
              className="sr-only"
            />
            {label}
          </label>
        ))}
      </fieldset>
      <Switch label={isDm ? 'Secret' : 'Secret, to the DM'} checked={isSecret} onChange={onSecret} />
    </div>
  )
}
