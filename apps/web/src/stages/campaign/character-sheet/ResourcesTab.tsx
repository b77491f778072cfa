import { Minus, Plus } from 'lucide-react'
import { useState } from 'react'
import { messageOf } from '../../../api.ts'
import { addCall } from '../../../live/add-call.ts'
import { useOutbox } from '../../../live/outbox-state.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Problem } from '../../../ui/field.tsx'
import { Nothing } from '../../../ui/section.tsx'
import { operateSheets } from './operate-sheets.ts'
import { Pips } from './Pips.tsx'
import { usesAfter } from './pips.ts'
import type { SheetOwner } from './sheet-owner.ts'
import type { Where } from './use-sheet.ts'

/** Spends and gives back by one, through the outbox: also without a connection. */
export function ResourcesTab({ where, owner: { id, name: owner, uses: stored } }: { where: Where; owner: SheetOwner }) {
  const waiting = useOutbox((state) => state.waiting).map(({ call }) => call)
  const uses = usesAfter(stored, id, waiting)
  const [problem, setProblem] = useState<string | null>(null)
  const [resting, setResting] = useState(false)
  const spend = async (name: string, key: string, count: number) => {
    setProblem(null)
    const what = `${owner}: ${count > 0 ? 'spend' : 'give back'} ${name}`
    const outcome = await addCall({
      do: 'operate',
      campaignId: where.campaignId,
      what,
      operation: { type: 'use', id, key, count },
    })
    if (outcome.kind === 'refused') setProblem(messageOf(outcome.error))
  }
  const rest = async (kind: 'short' | 'long') => {
    setProblem(null)
    setResting(true)
    await operateSheets(where, { type: 'rest', characterId: id, kind }).catch((error: unknown) =>
      setProblem(messageOf(error)),
    )
    setResting(false)
  }
  return (
    <div className="flex flex-col gap-3">
      {uses.length === 0 && <Nothing>No resources yet. Edit the sheet in Notes.</Nothing>}
      <ul aria-label="Resources" className="flex flex-col gap-2">
        {uses.map(({ key, name, left, most }) => (
          <li key={key}>
            <div
              role="group"
              aria-label={name}
              className="border-line flex items-center gap-2 rounded-xl border py-1 pr-1 pl-3"
            >
              <div className="min-w-0 grow">
                <p className="text-sm font-semibold [overflow-wrap:anywhere]">{name}</p>
                <Pips name={name} left={left} most={most} />
              </div>
              <IconButton
                label={`Spend one: ${name}`}
                look="plain"
                disabled={left <= 0}
                onClick={() => void spend(name, key, 1)}
              >
                <Minus size={18} />
              </IconButton>
              <IconButton
                label={`Give one back: ${name}`}
                look="plain"
                disabled={left >= most}
                onClick={() => void spend(name, key, -1)}
              >
                <Plus size={18} />
              </IconButton>
            </div>
          </li>
        ))}
      </ul>
      {waiting.some((call) => call.do === 'operate' && call.operation.type === 'use' && call.operation.id === id) && (
        <p role="status" className="text-warn text-sm">
          Changes wait for the connection.
        </p>
      )}
      <Problem text={problem} />
      <div className="grid grid-cols-2 gap-2">
        <Button disabled={resting} onClick={() => void rest('short')}>
          Short rest
        </Button>
        <Button disabled={resting} onClick={() => void rest('long')}>
          Long rest
        </Button>
      </div>
    </div>
  )
}
