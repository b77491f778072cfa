import { Circle, type LucideIcon, Minus, Square, Triangle } from 'lucide-react'
import type { AreaKind } from './draft.ts'
import { ToolButton } from './ToolButton.tsx'

const kinds: readonly (readonly [AreaKind, string, LucideIcon])[] = [
  ['circle', 'Circle', Circle],
  ['cone', 'Cone', Triangle],
  ['line', 'Line', Minus],
  ['square', 'Square', Square],
]

/** The shape of the next area. */
export const AreaKinds = ({ kind, choose }: { kind: AreaKind; choose: (kind: AreaKind) => void }) => (
  <div role="group" aria-label="Shape of the area" className="flex gap-1">
    {kinds.map(([value, label, icon]) => (
      <ToolButton key={value} label={label} icon={icon} isChosen={kind === value} onChoose={() => choose(value)} />
    ))}
  </div>
)
