import type { CampaignState, Member } from '@tablecast/contracts'
import { FileText } from 'lucide-react'
import { Button } from '../../../../ui/button.tsx'
import { DragList } from '../../../../ui/drag-list.tsx'
import { Nothing } from '../../../../ui/section.tsx'
import { useRoving } from '../../../../ui/use-roving.ts'
import { moved } from '../../dm/reorder.ts'
import type { Where } from '../operate-pictures.ts'
import { PictureField } from '../upload/PictureField.tsx'
import { unfoldHandout, useDesk } from './desk.ts'
import { HandoutRow } from './HandoutRow.tsx'
import { uploads } from './uploads.ts'
import { useActOnPictures } from './use-act-on-pictures.ts'

export type HandoutTrayProps = { where: Where; state: CampaignState; members: readonly Member[] }

/** The pictures and texts that a DM can show. Players see none of them until the DM shows it. */
export function HandoutTray({ where, state, members }: HandoutTrayProps) {
  const { act } = useActOnPictures(where)
  const open = useDesk((desk) => desk.open)
  const roving = useRoving<HTMLOListElement>({ stops: '[data-tools] button' })
  const handouts = state.handouts ?? []
  const move = (from: number, to: number) => {
    const id = handouts[from]?.id
    const order = moved(handouts, from, to)
    if (id === undefined || order === handouts) return
    void act({ type: 'moveHandout', id, before: order[to + 1]?.id ?? null })
  }
  const addText = async () => {
    const added = await act({ type: 'addHandout', title: 'New handout' })
    if (added) unfoldHandout(added.handoutId, true)
  }
  return (
    <div>
      <div className="flex flex-wrap gap-2">
        <PictureField
          label="Add pictures"
          adds="pictures"
          isMultiple
          onChosen={(files) => uploads.add(files, { where, place: { kind: 'tray' } })}
        />
        <Button data-adds="text" onClick={() => void addText()}>
          <FileText size={17} aria-hidden="true" /> Add a text
        </Button>
      </div>
      <p className="text-soft my-3 text-sm">
        Or drop and paste pictures anywhere on this page. Players see none of them until you show it.
      </p>
      {handouts.length === 0 && <Nothing>There is no handout yet: a letter, a map of the harbour, a face.</Nothing>}
      <DragList move={move}>
        <ol aria-label="Handouts" className="flex flex-col gap-2" {...roving}>
          {handouts.map((handout, index) => (
            <HandoutRow
              key={handout.id}
              handout={handout}
              index={index}
              last={handouts.length - 1}
              where={where}
              state={state}
              members={members}
              isOpen={open?.id === handout.id}
              takesFocus={open?.takesFocus ?? false}
              onMove={move}
            />
          ))}
        </ol>
      </DragList>
    </div>
  )
}
