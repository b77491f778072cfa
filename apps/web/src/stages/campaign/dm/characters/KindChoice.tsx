import type { CharacterKind } from '@tablecast/contracts'
import { useId } from 'react'

const kinds = [
  ['pc', 'Player character'],
  ['npc', 'Other person'],
  ['monster', 'Monster'],
] as const

/** Monsters are foes, and everybody else is of the party, unless a fight says otherwise. */
export function KindChoice({ kind, onChoose }: { kind: CharacterKind; onChoose: (kind: CharacterKind) => void }) {
  const id = useId()
  return (
    <div className="col-span-3">
      <label htmlFor={id} className="text-soft mb-1 block text-sm">
        Kind
      </label>
      <select
        id={id}
        className="input"
        value={kind}
        onChange={(event) => onChoose(kinds.find(([value]) => value === event.target.value)?.[0] ?? kind)}
      >
        {kinds.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </div>
  )
}
