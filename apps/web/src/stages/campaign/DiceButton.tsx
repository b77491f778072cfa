import { Dices } from 'lucide-react'
import { buttonClass } from '../../ui/button.tsx'
import { usePart } from '../../ui/use-part.tsx'

export const loadDice = async () => (await import('./DiceMenu.tsx')).DiceMenu

/** The dice button. The menu behind it is loaded when it is first pressed. */
export function DiceButton({ roll }: { roll: (notation: string) => void }) {
  const { Part: DiceMenu, isLoading, want, problem } = usePart(loadDice)
  if (DiceMenu) return <DiceMenu roll={roll} />
  return (
    <>
      <button
        type="button"
        aria-label="Roll dice"
        data-command="Story"
        aria-haspopup="menu"
        aria-busy={isLoading}
        className={buttonClass('plain', '!px-3')}
        onClick={want}
      >
        <Dices size={19} aria-hidden="true" />
      </button>
      {problem}
    </>
  )
}
