import { useSortable } from '@dnd-kit/react/sortable'
import { ChevronDown, Eye, EyeOff, GripVertical, Presentation, Users } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button, IconButton } from '../../../../ui/button.tsx'
import { whoSeesHandout } from '../../dm/who-sees/seen-by.ts'
import { WhoSees } from '../../dm/who-sees/WhoSees.tsx'
import { HandoutBox } from '../HandoutBox.tsx'
import { handoutOfDms } from '../shown.ts'
import { lookAt } from '../viewer/looking.ts'
import { unfoldHandout } from './desk.ts'
import type { HandoutRowProps } from './handout-row-props.ts'
import { HandoutDetails } from './HandoutDetails.tsx'
import { ShowToSome } from './ShowToSome.tsx'
import { shownToWords } from './shown-to-words.ts'
import { useActOnPictures } from './use-act-on-pictures.ts'

/** A handout with its eye switches. The fields unfold. */
export function HandoutRow(props: HandoutRowProps) {
  const { handout, index, where, state, members, isOpen } = props
  const { id, title, shownTo, pictureId, alt } = handout
  const { act } = useActOnPictures(where)
  const { ref, handleRef, isDragging } = useSortable({ id, index })
  const [isChoosing, setIsChoosing] = useState(false)
  const isHeldUp = state.presented?.handoutId === id
  return (
    <li
      ref={ref}
      data-row
      aria-label={title}
      className={`rounded-xl border p-2 ${isHeldUp ? 'border-accent bg-raised' : 'border-line'} ${isDragging ? 'opacity-60' : ''}`}
    >
      <div data-tools className="flex items-center gap-2">
        <button
          ref={handleRef}
          type="button"
          aria-label={`Drag ${title}`}
          className="text-soft flex h-11 w-7 shrink-0 cursor-grab items-center justify-center"
        >
          <GripVertical size={17} />
        </button>
        <button
          type="button"
          aria-label={`Look at ${title}`}
          aria-haspopup="dialog"
          className="border-line hover:border-accent w-14 shrink-0 overflow-hidden rounded-lg border"
          onClick={() => lookAt(id)}
        >
          <HandoutBox handout={handoutOfDms(state, handout)} fit="cover" ratio={4 / 3} />
        </button>
        <div className="min-w-0 grow leading-tight">
          <p dir="auto" className="line-clamp-2 font-semibold [overflow-wrap:anywhere]">
            {title}
          </p>
          <p className="text-soft mt-0.5 text-xs">
            {shownTo === 'nobody' ? 'Hidden' : `Shown to ${shownToWords(handout, members)}`}
            {pictureId !== null && alt === '' && <span className="text-warn"> · not described yet</span>}
          </p>
        </div>
        <WhoSees of={title} seenBy={whoSeesHandout(handout, members)} />
        <IconButton
          label={`${isOpen ? 'Fold' : 'Change'} ${title}`}
          aria-expanded={isOpen}
          onClick={() => unfoldHandout(isOpen ? null : id)}
        >
          <ChevronDown size={18} className={isOpen ? 'rotate-180' : ''} />
        </IconButton>
      </div>
      <div data-tools role="group" aria-label={`Who sees ${title}`} className="mt-2 flex flex-wrap gap-1.5">
        <Choice isChosen={shownTo === 'nobody'} onClick={() => void act({ type: 'show', id, to: 'nobody' })}>
          <EyeOff size={15} aria-hidden="true" /> Nobody
        </Choice>
        <Choice isChosen={shownTo === 'members'} onClick={() => setIsChoosing(true)} opensDialog>
          <Users size={15} aria-hidden="true" /> Some…
        </Choice>
        <Choice isChosen={shownTo === 'everyone'} onClick={() => void act({ type: 'show', id, to: 'everyone' })}>
          <Eye size={15} aria-hidden="true" /> Everyone
        </Choice>
        <span className="grow" />
        <Choice isChosen={isHeldUp} onClick={() => void act({ type: 'present', id: isHeldUp ? null : id })}>
          <Presentation size={15} aria-hidden="true" /> Show now
        </Choice>
      </div>
      {isChoosing && (
        <ShowToSome
          handout={handout}
          members={members}
          onShow={(ids) => void act({ type: 'show', id, to: ids.length === 0 ? 'nobody' : { members: ids } })}
          onClose={() => setIsChoosing(false)}
        />
      )}
      {isOpen && <HandoutDetails {...props} />}
    </li>
  )
}

type ChoiceProps = { isChosen: boolean; onClick: () => void; opensDialog?: boolean; children: ReactNode }

const Choice = ({ isChosen, onClick, opensDialog = false, children }: ChoiceProps) => (
  <Button
    look={isChosen ? 'primary' : 'plain'}
    aria-pressed={isChosen}
    aria-haspopup={opensDialog ? 'dialog' : undefined}
    className="!min-h-9 !gap-1.5 !px-2.5 text-sm max-sm:!px-2 max-sm:[&>svg]:hidden"
    onClick={onClick}
  >
    {children}
  </Button>
)
