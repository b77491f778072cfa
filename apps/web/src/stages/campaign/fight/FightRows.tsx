import { useEffect, useRef } from 'react'
import { DragList } from '../../../ui/drag-list.tsx'
import { moved } from '../dm/reorder.ts'
import { FighterRow } from './row/FighterRow.tsx'
import { useFight } from './fight-context.ts'

type Props = {
  choose: (ids: ReadonlySet<string>) => void
  open: string | null
  setOpen: (id: string | null) => void
}

/** A row for each fighter, in the order of the turns. The acting one scrolls into view. */
export function FightRows({ choose, open, setOpen }: Props) {
  const { state, operate, chosen } = useFight()
  const { turn, characters } = state
  const list = useRef<HTMLOListElement>(null)
  /** A click with Shift chooses all rows from the one that was chosen before. */
  const from = useRef<string | null>(null)
  useEffect(() => {
    if (list.current) scrollToActing(list.current)
  }, [turn.current, turn.round])

  const mark = (id: string, isChosen: boolean, isRange: boolean) => {
    const next = new Set(chosen)
    const ends = [turn.order.indexOf(from.current ?? id), turn.order.indexOf(id)].toSorted((a, b) => a - b)
    const ids = isRange ? turn.order.slice(ends[0], (ends[1] ?? 0) + 1) : [id]
    for (const one of ids) {
      if (isChosen) next.add(one)
      else next.delete(one)
    }
    from.current = id
    choose(next)
  }
  const move = (start: number, end: number) => {
    const id = turn.order[start]
    if (id === undefined || start === end) return
    const order = moved(turn.order, start, end)
    void operate({ type: 'moveInOrder', id, before: order[order.indexOf(id) + 1] ?? null })
  }
  return (
    <DragList move={move}>
      <ol ref={list} aria-label="Fighters" className="flex h-0 min-h-24 grow flex-col gap-1 overflow-y-auto p-2">
        {turn.order.map((id, index) => {
          const fighter = characters.find((one) => one.id === id)
          return (
            fighter && (
              <FighterRow
                key={id}
                fighter={fighter}
                index={index}
                isActing={turn.current === id}
                isChosen={chosen.has(id)}
                onChoose={(isChosen, isRange) => mark(id, isChosen, isRange)}
                isOpen={open === id}
                onOpen={(isOpen) => setOpen(isOpen ? id : null)}
                move={(by) => move(index, index + by)}
                isLast={index === turn.order.length - 1}
              />
            )
          )
        })}
      </ol>
    </DragList>
  )
}

/** The list alone scrolls: around it, the button for the next turn must stay under the finger. */
function scrollToActing(list: HTMLElement): void {
  const row = list.querySelector('[aria-current=step]')?.getBoundingClientRect()
  if (!row) return
  const box = list.getBoundingClientRect()
  list.scrollBy(0, Math.min(0, row.top - box.top) + Math.max(0, row.bottom - box.bottom))
}
