import type { NodeSample, NodeView } from '@tablecast/contracts'
import { type Column, OpsTable } from './OpsTable.tsx'
import { noValue } from './no-value.tsx'
import { bytes, count, duration } from './units.ts'

type PicturesRow = { nodeId: string; name: string; pictures: NonNullable<NodeSample['pictures']> }

const picturesColumns: readonly Column<PicturesRow>[] = [
  { name: 'Node', of: ({ name }) => <span className="font-semibold [overflow-wrap:anywhere]">{name}</span> },
  {
    name: 'Kept in all',
    of: ({ pictures }) => (pictures.bytes === null ? noValue : bytes(pictures.bytes)),
    isNumber: true,
  },
  { name: 'Sent', of: ({ pictures }) => count(pictures.kept), isNumber: true },
  { name: 'Refused', of: ({ pictures }) => count(pictures.refused), isNumber: true },
  {
    name: 'Failed',
    of: ({ pictures }) => count(pictures.failed + pictures.encoderDeaths),
    isNumber: true,
    isWide: true,
  },
  {
    name: 'Reading one, p99',
    of: ({ pictures: { render } }) => (render.p99 === null ? noValue : duration(render.p99)),
    isNumber: true,
    isWide: true,
  },
  {
    name: 'Cutting a map, p99',
    of: ({ pictures: { cut } }) => (cut?.p99 == null ? noValue : duration(cut.p99)),
    isNumber: true,
    isWide: true,
  },
  {
    name: 'Tile of a map, p99',
    of: ({ pictures: { tile } }) => (tile?.p99 == null ? noValue : duration(tile.p99)),
    isNumber: true,
    isWide: true,
  },
]

/** Pictures since the start of each node. Nodes that share a database show the same number of bytes. */
export function PicturesTable({ nodes }: { nodes: readonly NodeView[] }) {
  const rows = nodes.flatMap(({ nodeId, name, state, sample }) =>
    sample?.pictures && state !== 'gone' ? [{ nodeId, name, pictures: sample.pictures }] : [],
  )
  return (
    <OpsTable
      title="Pictures"
      columns={picturesColumns}
      rows={rows}
      keyOf={({ nodeId }) => nodeId}
      empty="No node has said anything of pictures."
    />
  )
}
