import type { PlannedCreature } from '@tablecast/contracts'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { queries } from '../../../../queries.tsx'
import type { Where } from '../use-operate.ts'
import { CreatureSearch } from './CreatureSearch.tsx'
import { CreatureRow } from './CreatureRow.tsx'

export type EncounterDraft = {
  /** Null: it is new. */
  id: string | null
  version: number
  name: string
  notes: string
  creatures: PlannedCreature[]
}

export const emptyDraft: EncounterDraft = { id: null, version: 0, name: '', notes: '', creatures: [] }

type Props = {
  where: Where
  draft: EncounterDraft
  change: (draft: EncounterDraft) => void
  /** Buttons below the form. */
  children: ReactNode
}

/** The creatures of an encounter, its name and notes. */
export function EncounterEditor({ where, draft, change, children }: Props) {
  const { creatures } = draft
  const set = (next: PlannedCreature[]) => change({ ...draft, creatures: next })
  return (
    <div className="flex flex-col gap-3">
      <CreatureSearch roomId={where.roomId} add={(more) => set([...creatures, ...more].slice(0, 50))} />
      {creatures.length > 0 && (
        <>
          <ul aria-label="Creatures" className="flex flex-col gap-2">
            {creatures.map((creature, index) => (
              <CreatureRow
                key={`${index} ${creature.name}`}
                creature={creature}
                change={(next) => set(creatures.with(index, next))}
                remove={() => set(creatures.toSpliced(index, 1))}
              />
            ))}
          </ul>
          <Difficulty where={where} creatures={creatures} />
          <input
            aria-label="Name of the encounter"
            placeholder="Name (optional)"
            maxLength={120}
            value={draft.name}
            onChange={({ target }) => change({ ...draft, name: target.value })}
            className="input"
          />
          <textarea
            aria-label="Notes on the encounter"
            placeholder="Notes for yourself"
            rows={2}
            maxLength={4_000}
            value={draft.notes}
            onChange={({ target }) => change({ ...draft, notes: target.value })}
            className="input"
          />
        </>
      )}
      <div className="flex flex-wrap gap-2">{children}</div>
    </div>
  )
}

function Difficulty({ where, creatures }: { where: Where; creatures: PlannedCreature[] }) {
  const { data } = useQuery({
    ...queries.encounters.difficulty.queryOptions({ ...where, creatures }),
    placeholderData: keepPreviousData,
  })
  return (
    <p role="status" className="text-sm">
      {data?.rating ? (
        <>
          <b className="capitalize">{data.rating.difficulty}</b> for this party: {data.rating.xp.toLocaleString('en')}{' '}
          XP
          {data.rating.adjusted !== data.rating.xp && (
            <span className="text-soft">
              , adjusted to {data.rating.adjusted.toLocaleString('en')} for the number of foes
            </span>
          )}
        </>
      ) : (
        <span className="text-soft">{data ? 'The difficulty needs characters of players.' : 'Difficulty…'}</span>
      )}
    </p>
  )
}
