import { sideOf } from '@tablecast/rules/standing'
import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { abilities, type Save } from './area-damage.ts'
import { DamageBox } from './DamageBox.tsx'
import { useFight } from './fight-context.ts'

/** Damage to all rows that are chosen, with a save for each. Its line is always there, so that no row moves. */
export function ManyBar({ choose }: { choose: (ids: ReadonlySet<string>) => void }) {
  const { state, chosen } = useFight()
  const [ability, setAbility] = useState<Save['ability'] | null>(null)
  const [dc, setDc] = useState('13')
  const [onSave, setOnSave] = useState<Save['onSave']>('half')
  const standing = state.characters.filter(
    ({ id, downed }) => state.turn.order.includes(id) && downed?.state !== 'defeated' && downed?.state !== 'dead',
  )
  const ofSide = (side: 'party' | 'foe') => standing.filter((one) => sideOf(one) === side).map(({ id }) => id)
  const pick = (ids: readonly string[]) => {
    const isAll = ids.length === chosen.size && ids.every((id) => chosen.has(id))
    choose(new Set(isAll ? [] : ids))
  }
  const save = ability ? { ability, dc: Math.max(1, Number(dc) || 1), onSave } : null
  return (
    <div
      role="group"
      aria-label="Several at once"
      className="border-line flex shrink-0 flex-wrap items-center gap-1 border-b px-2 py-1.5 text-sm"
    >
      <Button look="quiet" className="!min-h-9 !px-1.5 text-sm" onClick={() => pick(ofSide('foe'))}>
        All foes
      </Button>
      <Button look="quiet" className="!min-h-9 !px-1.5 text-sm" onClick={() => pick(ofSide('party'))}>
        Party
      </Button>
      <DamageBox
        label="Damage to the chosen"
        targets={[...chosen]}
        save={save}
        placeholder={chosen.size > 0 ? `${chosen.size} chosen: 8d6` : 'Choose rows first'}
        className="w-38 grow"
        box="many"
      />
      {/* Together, also where they need a line of their own. */}
      <div className="flex grow items-center gap-1">
        <select
          aria-label="Save against the damage"
          value={ability ?? ''}
          onChange={({ target }) => setAbility(abilities.find((one) => one === target.value) ?? null)}
          className="bg-raised border-line min-h-9 grow rounded-lg border px-1"
        >
          <option value="">No save</option>
          {abilities.map((one) => (
            <option key={one} value={one}>
              {one.toUpperCase()}
            </option>
          ))}
        </select>
        <input
          aria-label="DC of the save"
          inputMode="numeric"
          disabled={!ability}
          value={dc}
          onChange={({ target }) => setDc(target.value.replaceAll(/\D/g, '').slice(0, 2))}
          className="input !min-h-9 !w-11 !px-1.5 !py-0 text-center disabled:opacity-50"
        />
        <select
          aria-label="Damage after a save"
          disabled={!ability}
          value={onSave}
          onChange={({ target }) => setOnSave(target.value === 'none' ? 'none' : 'half')}
          className="bg-raised border-line min-h-9 grow rounded-lg border px-1 disabled:opacity-50"
        >
          <option value="half">half</option>
          <option value="none">none</option>
        </select>
      </div>
    </div>
  )
}
