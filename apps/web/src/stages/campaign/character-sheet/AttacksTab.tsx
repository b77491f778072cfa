import type { Sheet } from '@tablecast/bestiary/sheet'
import { signed } from '@tablecast/bestiary/sheet-figures'
import { Nothing } from '../../../ui/section.tsx'
import { d20With } from '../dice/roll-message.ts'
import type { RollOnSheet } from './roll-on-sheet.ts'

const tap =
  'bg-raised border-line hover:border-accent active:bg-accent active:text-on-accent min-h-12 min-w-0 rounded-lg border px-3 text-sm'

/** A tap rolls to hit, another one the damage. */
export function AttacksTab({ sheet: { attacks, rolls }, roll }: { sheet: Sheet; roll: RollOnSheet }) {
  return (
    <div className="flex flex-col gap-4">
      {attacks.length === 0 && <Nothing>No attacks yet. Edit the sheet in Notes.</Nothing>}
      <ul aria-label="Attacks" className="flex flex-col gap-3">
        {attacks.map(({ name, toHit, damage }, place) => (
          <li key={place}>
            <p className="font-semibold [overflow-wrap:anywhere]">{name}</p>
            <div className="mt-1 grid grid-cols-2 gap-2">
              {toHit !== null && (
                <button type="button" className={tap} onClick={() => roll(name, d20With(toHit))}>
                  <span className="sr-only">{name}: </span>To hit <b>{signed(toHit)}</b>
                </button>
              )}
              {damage !== null && (
                <button type="button" className={`${tap} [overflow-wrap:anywhere]`} onClick={() => roll(name, damage)}>
                  <span className="sr-only">Damage of {name}: </span>
                  {damage}
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {rolls.length > 0 && (
        <ul aria-label="Saved rolls" className="grid grid-cols-2 gap-2">
          {rolls.map(({ name, notation }, place) => (
            <li key={place}>
              <button
                type="button"
                className={`${tap} w-full [overflow-wrap:anywhere]`}
                onClick={() => roll(name, notation)}
              >
                <b>{name}</b> <span className="text-soft">{notation}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
