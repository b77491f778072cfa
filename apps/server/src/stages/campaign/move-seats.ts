import type { Orchestrator } from '@tablecast/orchestrator'
import type { AccessChange, RoomAccess } from '../../rooms/room-access.ts'
import type { Rooms } from '../../rooms/rooms.ts'

type Person = { userId: string; name: string }

/** Gives all seats of a user to another, with characters and whispers. Each room is one transaction, so that a retry goes on with the rest. */
export async function moveSeats(
  { rooms, orchestrator, access }: { rooms: Rooms; orchestrator: Orchestrator; access: RoomAccess },
  from: Person,
  to: Person,
): Promise<void> {
  // A list is a page; each move makes the next one shorter.
  for (let page = await rooms.list(from.userId); page.length > 0; page = await rooms.list(from.userId))
    for (const { room } of page) {
      let told = null as AccessChange | null
      await orchestrator.moveMember({ roomId: room.id, from: from.userId, to: to.userId }, async (change) => {
        told = await rooms.moveSeat(change, from, to)
      })
      if (told) access.tell(told)
    }
}
