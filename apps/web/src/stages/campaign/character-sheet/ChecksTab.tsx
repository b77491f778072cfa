import { abilities, abilityNames } from '@tablecast/bestiary/abilities'
import type { Sheet } from '@tablecast/bestiary/sheet'
import { abilityBonus, sheetSaveBonus, signed } from '@tablecast/bestiary/sheet-figures'
import { d20With } from '../dice/roll-message.ts'
import type { RollOnSheet } from './roll-on-sheet.ts'

/** The abilities, each with its check and its save, and initiative. */
export function ChecksTab({ sheet, roll }: { sheet: Sheet; roll: RollOnSheet }) {
  return (
    <ul aria-label="Checks and saves" className="grid grid-cols-2 gap-2 sm:grid-cols-3">
      {abilities.map((ability) => {
        const name = abilityNames[ability]
        const [check, save] = [abilityBonus(sheet, ability), sheetSaveBonus(sheet, ability)]
        return (
          <li key={ability} className="border-line overflow-hidden rounded-xl border text-center">
            <p className="flex items-baseline justify-between px-3 pt-1.5 text-sm">
              <span className="font-semibold">{name}</span>
              <span className="text-soft tabular-nums">{sheet.abilities[ability]}</span>
            </p>
            <div className="grid grid-cols-2">
              <RollButton of={name} word="Check" figure={signed(check)} onRoll={() => roll(name, d20With(check))} />
              <RollButton
                of={name}
                word="Save"
                figure={signed(save)}
                isProficient={sheet.saves[ability] !== undefined}
                onRoll={() => roll(`${name} save`, d20With(save))}
              />
            </div>
          </li>
        )
      })}
    </ul>
  )
}

type RollButtonProps = { of: string; word: string; figure: string; isProficient?: boolean; onRoll: () => void }

const RollButton = ({ of, word, figure, isProficient = false, onRoll }: RollButtonProps) => (
  <button
    type="button"
    className="hover:bg-raised active:bg-accent active:text-on-accent flex min-h-12 flex-col items-center justify-center"
    onClick={onRoll}
  >
    <span className="sr-only">{of} </span>
    <span className={`text-lg font-semibold tabular-nums ${isProficient ? 'text-accent' : ''}`}>{figure}</span>
    <span className="text-soft text-xs">{word}</span>
  </button>
)
