import type { Handout, Member } from '@tablecast/contracts'
import { useState } from 'react'
import { Button } from '../../../../ui/button.tsx'
import { Dialog } from '../../../../ui/dialog.tsx'
import { Nothing } from '../../../../ui/section.tsx'

type Props = {
  handout: Handout
  members: readonly Member[]
  onShow: (userIds: string[]) => void
  onClose: () => void
}

/** Chooses the players who see a handout, and nobody else. */
export function ShowToSome({ handout, members, onShow, onClose }: Props) {
  const players = members.filter(({ role }) => role === 'player')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(handout.members))
  const choose = (id: string, isChosen: boolean) => {
    const next = new Set(chosen)
    if (isChosen) next.add(id)
    else next.delete(id)
    setChosen(next)
  }
  const ids = players.map(({ userId }) => userId).filter((id) => chosen.has(id))
  return (
    <Dialog title="Show it to some" open onOpenChange={(open) => !open && onClose()}>
      <p className="text-soft mb-2 text-sm">
        Only the players whom you choose see <span dir="auto">“{handout.title}”</span>. Nothing of it reaches the
        others, and the story does not mention it.
      </p>
      {players.length === 0 && <Nothing>No player is at this table yet.</Nothing>}
      <ul>
        {players.map(({ userId, name }) => (
          <li key={userId}>
            <label className="hover:bg-raised flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-2">
              <input
                type="checkbox"
                className="accent-accent size-5 shrink-0"
                checked={chosen.has(userId)}
                onChange={(event) => choose(userId, event.target.checked)}
              />
              <span dir="auto" className="min-w-0 truncate">
                {name}
              </span>
            </label>
          </li>
        ))}
      </ul>
      <div className="mt-4 flex justify-end gap-3">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="primary"
          disabled={players.length === 0}
          onClick={() => {
            onShow(ids)
            onClose()
          }}
        >
          {ids.length === 0
            ? 'Show it to nobody'
            : ids.length === 1
              ? 'Show it to one player'
              : `Show it to ${ids.length} players`}
        </Button>
      </div>
    </Dialog>
  )
}
