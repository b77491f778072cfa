import type { MapGrid } from '@tablecast/contracts'
import { useId } from 'react'

const kinds: readonly [MapGrid['kind'], string][] = [
  ['square', 'Squares'],
  ['hex-rows', 'Hexagons in rows'],
  ['hex-columns', 'Hexagons in columns'],
  ['none', 'None'],
]

type Props = { value: MapGrid['kind']; change: (kind: MapGrid['kind']) => void }

export function CellKind({ value, change }: Props) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="text-soft mb-1 block text-sm">
        Cells
      </label>
      <select
        id={id}
        className="input"
        value={value}
        onChange={({ currentTarget }) => {
          const kind = kinds.find(([one]) => one === currentTarget.value)?.[0]
          if (kind) change(kind)
        }}
      >
        {kinds.map(([kind, label]) => (
          <option key={kind} value={kind}>
            {label}
          </option>
        ))}
      </select>
    </div>
  )
}
