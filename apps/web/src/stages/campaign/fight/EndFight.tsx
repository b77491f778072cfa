import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { useFight } from './fight-context.ts'

const ends = [
  ['defeated', 'End, and remove fallen foes', 'primary'],
  ['all', 'End, and remove all foes', 'plain'],
  ['none', 'End, and keep everybody', 'plain'],
] as const

/** Asks first: the turns and the initiatives are gone afterwards. */
export function EndFight() {
  const { operate } = useFight()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Dialog
      title="End the fight?"
      open={isOpen}
      onOpenChange={setIsOpen}
      trigger={
        <Button look="quiet" data-command="Fight" data-words="stop finish combat" className="!min-h-10 !px-3">
          End the fight
        </Button>
      }
    >
      <p className="text-soft">
        The turns and the initiatives end, and so do conditions that are counted in rounds. Undo brings them back.
      </p>
      <div className="mt-4 flex flex-col gap-2">
        {ends.map(([removeFoes, label, look]) => (
          <Button
            key={removeFoes}
            look={look}
            onClick={() => {
              setIsOpen(false)
              void operate({ type: 'endEncounter', removeFoes })
            }}
          >
            {label}
          </Button>
        ))}
      </div>
    </Dialog>
  )
}
