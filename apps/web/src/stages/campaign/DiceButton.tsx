import { Dices } from 'lucide-react'
import { buttonClass } from '../../ui/button.tsx'
import { useDialogPart } from '../../ui/use-part.tsx'
import type { DiceTrayProps } from './dice/DiceTray.tsx'

export const loadDice = async () => (await import('./dice/DiceTray.tsx')).DiceTray

/** The dice button. The tray behind it is loaded when it is first pressed. */
export function DiceButton(props: Omit<DiceTrayProps, 'onClose'>) {
  const { Part: DiceTray, isLoading, isOpen, open, setOpen, problem } = useDialogPart(loadDice)
  return (
    <>
      <button
        type="button"
        aria-label="Roll dice"
        title="Roll dice"
        data-command="Story"
        aria-haspopup="dialog"
        aria-busy={isLoading}
        className={buttonClass('plain', '!px-3')}
        onClick={open}
      >
        <Dices size={19} aria-hidden="true" />
      </button>
      {isOpen && DiceTray && <DiceTray {...props} onClose={() => setOpen(false)} />}
      {problem}
    </>
  )
}
