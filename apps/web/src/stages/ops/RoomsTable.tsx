import type { RoomView } from '@tablecast/contracts'
import { type Column, OpsTable } from './OpsTable.tsx'
import { count } from './units.ts'

const roomColumns: readonly Column<RoomView>[] = [
  {
    name: 'Room',
    of: ({ id, name }) => (
      <>
        <span className="block font-semibold [overflow-wrap:anywhere]">{name ?? id}</span>
        {name !== null && <span className="text-soft block text-xs">{id}</span>}
      </>
    ),
  },
  { name: 'Followers', of: ({ followers }) => count(followers), isNumber: true },
  { name: 'Events/s', of: ({ eventsPerSecond }) => count(eventsPerSecond), isNumber: true },
  { name: 'On nodes', of: ({ nodes }) => nodes, isNumber: true, isWide: true },
]

export function RoomsTable({ rooms }: { rooms: readonly RoomView[] }) {
  return (
    <OpsTable
      title="Rooms"
      columns={roomColumns}
      rows={rooms}
      keyOf={({ id }) => id}
      empty="Nobody follows a room at the moment. Those with the most followers appear here by themselves."
    />
  )
}
