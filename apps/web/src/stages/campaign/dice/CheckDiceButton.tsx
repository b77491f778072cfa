import { ShieldCheck } from 'lucide-react'
import { Button, IconButton } from '../../../ui/button.tsx'
import { useDialogPart } from '../../../ui/use-part.tsx'
import type { CheckDiceProps } from './use-dice-check.ts'

export const loadCheckDice = async () => (await import('./CheckDiceDialog.tsx')).CheckDiceDialog

/** Opens the check of the dice, which is loaded when it is first wanted. `hasWords`: not only a sign. */
export function CheckDiceButton({ hasWords = false, ...props }: CheckDiceProps & { hasWords?: boolean }) {
  const { Part: CheckDiceDialog, isOpen, open, setOpen, problem } = useDialogPart(loadCheckDice)
  return (
    <>
      {hasWords ? (
        <Button {...command} onClick={open}>
          <ShieldCheck size={17} aria-hidden="true" /> {LABEL}
        </Button>
      ) : (
        <IconButton label={LABEL} {...command} onClick={open}>
          <ShieldCheck size={18} />
        </IconButton>
      )}
      {CheckDiceDialog ? <CheckDiceDialog {...props} isOpen={isOpen} setOpen={setOpen} /> : problem}
    </>
  )
}

const LABEL = 'Check the dice'
/** For the palette of commands. */
const command = { 'data-command': 'Story', 'data-words': 'fair seed verify rolls', 'aria-haspopup': 'dialog' } as const
