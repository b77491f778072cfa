import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '../../../ui/button.tsx'
import { usePart } from '../../../ui/use-part.tsx'
import type { CheckDiceProps } from './use-dice-check.ts'

export const loadCheckDice = async () => (await import('./CheckDiceDialog.tsx')).CheckDiceDialog

/** Opens the check of the dice, which is loaded when it is first wanted. */
export function CheckDiceButton(props: CheckDiceProps) {
  const { Part: CheckDiceDialog, want, problem } = usePart(loadCheckDice)
  const [isOpen, setOpen] = useState(false)
  const open = () => {
    setOpen(true)
    if (!CheckDiceDialog) want()
  }
  return (
    <>
      <IconButton
        label="Check the dice"
        data-command="Story"
        data-words="fair seed verify rolls"
        aria-haspopup="dialog"
        onClick={open}
      >
        <ShieldCheck size={18} />
      </IconButton>
      {CheckDiceDialog ? <CheckDiceDialog {...props} isOpen={isOpen} setOpen={setOpen} /> : problem}
    </>
  )
}
