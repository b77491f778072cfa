import type { BlockHeading } from '@tablecast/contracts'
import { useQuery } from '@tanstack/react-query'
import { messageOf } from '../../../../api.ts'
import { queries } from '../../../../queries.tsx'
import { Dialog } from '../../../../ui/dialog.tsx'
import { Problem } from '../../../../ui/field.tsx'
import { StatBlockCard } from './StatBlockCard.tsx'

type Props = { roomId: string; heading: Pick<BlockHeading, 'source' | 'id' | 'name'>; onClose: () => void }

/** A stat block to read, before its creature is in a fight. */
export function BlockPreview({ roomId, heading: { source, id, name }, onClose }: Props) {
  const { data, error } = useQuery(queries.statBlocks.get.queryOptions({ roomId, block: { source, id } }))
  return (
    <Dialog title={name} open onOpenChange={onClose}>
      <Problem text={error ? messageOf(error) : null} />
      {data ? <StatBlockCard block={data.block} /> : <p className="text-soft">Loading…</p>}
    </Dialog>
  )
}
