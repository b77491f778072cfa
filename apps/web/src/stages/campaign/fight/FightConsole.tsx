import type { CampaignState, Character } from '@tablecast/contracts'
import type { Due, Summary } from '@tablecast/rules'
import type { BoxEntry } from '@tablecast/rules/commands'
import { useEffect, useRef, useState } from 'react'
import { useNotify } from '../../../ui/toast.tsx'
import { StatBlockDialog } from './block/StatBlockDialog.tsx'
import { chooseFighters, useChosenFighters } from './chosen-fighters.ts'
import { DueList } from './DueList.tsx'
import { FightContext } from './fight-context.ts'
import { duesAfter, openDues } from './fight-dues.ts'
import { FightHeader } from './FightHeader.tsx'
import { FightRows } from './FightRows.tsx'
import { ManyBar } from './ManyBar.tsx'
import { type Operate, operateAt, type Where } from './use-operate.ts'
import { useFightKeys } from './use-fight-keys.ts'

export type FightConsoleProps = {
  where: Where
  state: CampaignState
  onEnded: (summary: Summary) => void
  isStoryShown: boolean
  /** For a small screen, which has room for the story or for the rows. */
  showStory: (isShown: boolean) => void
}

/** A fight as the DM runs it: the turns, the things that are due, and a row for each fighter. */
export function FightConsole({ where, state, onEnded, isStoryShown, showStory }: FightConsoleProps) {
  const notify = useNotify()
  const [dues, setDues] = useState<readonly Due[]>([])
  const chosenIds = useChosenFighters(({ ids }) => ids)
  useEffect(() => () => chooseFighters(new Set()), [])
  const [open, setOpen] = useState<string | null>(null)
  const [block, setBlock] = useState<Character | null>(null)
  const entry = useRef<BoxEntry | null>(null)
  const lastEntry = () => entry.current
  const keepEntry = (next: BoxEntry) => {
    entry.current = next
  }
  const send = operateAt(where, (reason) => notify('That did not work', reason))
  const operate: Operate = async (operation) => {
    const answer = await send(operation)
    if (answer) setDues((before) => duesAfter(before, operation, answer.due))
    if (answer?.summary) onEnded(answer.summary)
    return answer
  }
  const { order } = state.turn
  const chosen = new Set(order.filter((id) => chosenIds.has(id)))
  useFightKeys({ state, operate, chosen, open: setOpen })
  // On a small screen every line counts, so the rows have the whole height of this part to scroll in.
  return (
    <FightContext value={{ where, state, operate, chosen, lastEntry, keepEntry, openBlock: setBlock }}>
      <section aria-label="Fight" className="flex min-h-0 grow flex-col">
        <FightHeader isStoryShown={isStoryShown} showStory={showStory} />
        <DueList
          dues={openDues(dues, state)}
          dismiss={(due) => setDues((before) => before.filter((one) => one !== due))}
        />
        <ManyBar choose={chooseFighters} />
        <FightRows choose={chooseFighters} open={open} setOpen={setOpen} />
      </section>
      {block && <StatBlockDialog key={block.id} fighter={block} onClose={() => setBlock(null)} />}
    </FightContext>
  )
}
