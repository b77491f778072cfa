import type { Character } from '@tablecast/contracts'
import { useQuery } from '@tanstack/react-query'
import { messageOf } from '../../../../api.ts'
import { queries } from '../../../../queries.tsx'
import { Dialog } from '../../../../ui/dialog.tsx'
import { Problem } from '../../../../ui/field.tsx'
import { useFight } from '../fight-context.ts'
import { AttackRolls } from './AttackRolls.tsx'
import { StatBlockCard } from './StatBlockCard.tsx'

/** The stat block of a fighter, with its attacks to roll. */
export function StatBlockDialog({ fighter, onClose }: { fighter: Character; onClose: () => void }) {
  const { where } = useFight()
  const { block } = fighter
  const { data, error, isLoading } = useQuery({
    ...queries.statBlocks.get.queryOptions({
      roomId: where.roomId,
      block: { source: block?.source ?? 'room', id: block?.id ?? '' },
    }),
    enabled: Boolean(block),
  })
  return (
    <Dialog title={fighter.name} open onOpenChange={onClose}>
      {isLoading && <p className="text-soft">Loading…</p>}
      <Problem text={error ? messageOf(error) : null} />
      {data && (
        <>
          <AttackRolls fighter={fighter} block={data.block} />
          <StatBlockCard block={data.block} />
        </>
      )}
    </Dialog>
  )
}
