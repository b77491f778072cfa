import type { LucideIcon } from 'lucide-react'
import { IconButton } from '../../../../ui/button.tsx'

type Props = { label: string; icon: LucideIcon; isChosen: boolean; onChoose: () => void }

/** One of several tools, of which one is in hand. */
export const ToolButton = ({ label, icon: Icon, isChosen, onChoose }: Props) => (
  <IconButton
    label={label}
    look={isChosen ? 'primary' : 'plain'}
    aria-pressed={isChosen}
    data-command="Map"
    onClick={onChoose}
  >
    <Icon size={18} aria-hidden="true" />
  </IconButton>
)
