import type { RoomView, SlowClientView } from '@tablecast/contracts'
import { type Column, OpsTable } from './OpsTable.tsx'
import { bytes, count, span } from './units.ts'

type SlowRow = SlowClientView & { what: string; now: number }

const slowColumns: readonly Column<SlowRow>[] = [
  {
    name: 'Client',
    of: ({ name, stage, what, transport }) => (
      <>
        <span className="block font-semibold [overflow-wrap:anywhere]">{name ?? 'a program without a token'}</span>
        <span className="text-soft block text-xs [overflow-wrap:anywhere]">
          {stage}: {what}, over {transport}
        </span>
      </>
    ),
  },
  { name: 'Events behind', of: ({ eventsBehind }) => count(eventsBehind), isNumber: true },
  { name: 'Waiting', of: ({ bytesWaiting }) => bytes(bytesWaiting), isNumber: true },
  { name: 'For', of: ({ since, now }) => span(now - since), isNumber: true, isWide: true },
  { name: 'Node', of: ({ node }) => node, isWide: true },
]

type SlowProps = { slow: readonly SlowClientView[]; rooms: readonly RoomView[]; now: number }

export function SlowClientsTable({ slow, rooms, now }: SlowProps) {
  const roomName = (id: string) => rooms.find((room) => room.id === id)?.name ?? id
  const rows = slow.map((client) => ({
    ...client,
    what: client.stage === 'campaign' ? roomName(client.stream) : client.stream,
    now,
  }))
  return (
    <OpsTable
      title="Slow clients"
      columns={slowColumns}
      rows={rows}
      keyOf={({ node, stage, stream, name, transport, since, eventsBehind, bytesWaiting }) =>
        [node, stage, stream, name, transport, since, eventsBehind, bytesWaiting].join(' ')
      }
      empty="Everybody reads as fast as events come."
    />
  )
}
