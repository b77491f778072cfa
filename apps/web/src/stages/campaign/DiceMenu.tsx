import { Menu } from '@base-ui/react/menu'
import { Dices } from 'lucide-react'
import { buttonClass } from '../../ui/button.tsx'

const dice = ['1d20', '1d12', '1d10', '1d8', '1d6', '1d4', '2d6', '4d6kh3', '1d100']

/** Replaces the button that loaded it, and starts open. */
export function DiceMenu({ roll }: { roll: (notation: string) => void }) {
  return (
    <Menu.Root defaultOpen>
      <Menu.Trigger aria-label="Roll dice" data-command="Story" className={buttonClass('plain', '!px-3')}>
        <Dices size={19} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} side="top" className="z-40">
          <Menu.Popup className="border-line bg-raised grid grid-cols-3 gap-1 rounded-xl border p-2 shadow-xl">
            {dice.map((notation) => (
              <Menu.Item
                key={notation}
                onClick={() => roll(notation)}
                className="data-[highlighted]:bg-accent data-[highlighted]:text-on-accent flex min-h-11 cursor-pointer items-center justify-center rounded-lg px-3"
              >
                {notation}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
