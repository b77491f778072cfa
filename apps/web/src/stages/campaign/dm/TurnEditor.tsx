import type { CampaignState } from '@tablecast/contracts'
import { useSortable } from '@dnd-kit/react/sortable'
import { ArrowDown, ArrowUp, GripVertical } from 'lucide-react'
import type { ComponentProps } from 'react'
import { Button, IconButton } from '../../../ui/button.tsx'
import { DragList } from '../../../ui/drag-list.tsx'
import { Toolbar } from '../../../ui/Toolbar.tsx'
import { useRoving } from '../../../ui/use-roving.ts'
import { Portrait } from '../pictures/Portrait.tsx'
import { type Face, faceOfDms } from '../pictures/shown.ts'
import { moved } from './reorder.ts'
import { currentVersion, useEdit } from './use-edit.tsx'
import { useTurnCommands } from './use-turn-commands.ts'

/** The turn order, and the buttons that pass turns. */
export function TurnEditor({ roomId, state }: { roomId: string; state: CampaignState }) {
  const edit = useEdit()
  const { turn, characters } = state
  const commands = useTurnCommands(roomId, state)
  const roving = useRoving<HTMLOListElement>()
  const reorder = (from: number, to: number) => {
    const order = moved(turn.order, from, to)
    if (order !== turn.order)
      void edit({
        what: 'The turn order',
        patch: { turn: { ...turn, order } },
        baseVersion: currentVersion(),
      })
  }
  return (
    <div className="flex flex-col gap-3">
      <Toolbar label="Turns">
        <TurnButton look="primary" data-skip="Turns" press={commands.next}>
          Next turn
        </TurnButton>
        <TurnButton press={commands.back}>Back</TurnButton>
        <TurnButton press={commands.initiative}>Roll initiative</TurnButton>
        <TurnButton look="quiet" press={commands.end}>
          End turns
        </TurnButton>
      </Toolbar>
      <p className="text-soft text-sm">
        {turn.order.length > 0 ? `Round ${turn.round}` : 'Nobody is in the turn order. Roll initiative to begin.'}
      </p>
      <DragList move={reorder}>
        <ol className="flex flex-col gap-1.5" {...roving}>
          {turn.order.map((id, index) => {
            const character = characters.find((one) => one.id === id)
            return (
              <TurnRow
                key={id}
                id={id}
                index={index}
                last={turn.order.length - 1}
                name={character?.name ?? id}
                face={character ? faceOfDms(state, character) : null}
                note={`${character?.initiative ?? '–'}${character?.visible ? '' : ' · hidden'}`}
                isNow={turn.current === id}
                onMove={reorder}
              />
            )
          })}
        </ol>
      </DragList>
    </div>
  )
}

type TurnButtonProps = Omit<ComponentProps<typeof Button>, 'onClick' | 'disabled'> & { press: (() => void) | null }

const TurnButton = ({ press, ...rest }: TurnButtonProps) => (
  <Button {...rest} disabled={press === null} onClick={press ?? undefined} />
)

type RowProps = {
  id: string
  index: number
  last: number
  name: string
  /** Null for a character who is gone. */
  face: Face | null
  note: string
  isNow: boolean
  onMove: (from: number, to: number) => void
}

function TurnRow({ id, index, last, name, face, note, isNow, onMove }: RowProps) {
  const { ref, handleRef, isDragging } = useSortable({ id, index })
  return (
    <li
      ref={ref}
      data-row
      aria-current={isNow ? 'step' : undefined}
      className={`flex items-center gap-1 rounded-lg border pr-1 ${isNow ? 'border-accent bg-raised' : 'border-line'} ${isDragging ? 'opacity-60' : ''}`}
    >
      <button
        ref={handleRef}
        type="button"
        aria-label={`Drag ${name}`}
        className="text-soft flex size-11 cursor-grab items-center justify-center"
      >
        <GripVertical size={17} />
      </button>
      {face && <Portrait face={face} className="border-line text-soft size-8" />}
      <span className="min-w-0 grow [overflow-wrap:anywhere]">{name}</span>
      <span className="text-soft text-sm whitespace-nowrap">{note}</span>
      <IconButton label={`Move ${name} up`} disabled={index === 0} onClick={() => onMove(index, index - 1)}>
        <ArrowUp size={16} />
      </IconButton>
      <IconButton label={`Move ${name} down`} disabled={index === last} onClick={() => onMove(index, index + 1)}>
        <ArrowDown size={16} />
      </IconButton>
    </li>
  )
}
