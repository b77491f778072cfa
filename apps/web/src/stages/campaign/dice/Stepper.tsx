import { Minus, Plus } from 'lucide-react'
import { IconButton } from '../../../ui/button.tsx'

type Props = {
  label: string
  value: number
  /** The value as people read it. */
  shown?: string
  least: number
  most: number
  onChange: (value: number) => void
}

/** A number that is changed by one at a time. */
export const Stepper = ({ label, value, shown = String(value), least, most, onChange }: Props) => (
  <div role="group" aria-label={label} className="border-line flex items-center justify-between rounded-lg border">
    <IconButton label={`${label}: one less`} disabled={value <= least} onClick={() => onChange(value - 1)}>
      <Minus size={16} />
    </IconButton>
    <span className="min-w-0 text-center text-sm">
      <span className="text-soft block text-xs">{label}</span>
      <output className="font-semibold tabular-nums">{shown}</output>
    </span>
    <IconButton label={`${label}: one more`} disabled={value >= most} onClick={() => onChange(value + 1)}>
      <Plus size={16} />
    </IconButton>
  </div>
)
