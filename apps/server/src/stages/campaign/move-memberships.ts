import type { Orchestrator } from '@tablecast/orchestrator'
import type { AccessChange, RoomAccess } from '../../rooms/room-access.ts'
import type { Rooms } from '../../rooms/rooms.ts'

type Person = { userId: string; name: string }

/**
 * Gives all memberships of a guest to a user, with characters and whispers. Each room is one transaction, so that a retry continues
 * with the remaining rooms.
 */
export async function moveMemberships(
  { rooms, orchestrator, access }: { rooms: Rooms; orchestrator: Orchestrator; access: RoomAccess },
  from: Person,
  to: Person,
): Promise<void> {
  // `rooms.list` returns one page, and each move takes a room off it.
  for (let page = await rooms.list(from.userId); page.length > 0; page = await rooms.list(from.userId))
    for (const { room } of page) {
      let moved = null as AccessChange | null
      await orchestrator.moveMember({ roomId: room.id, from: from.userId, to: to.userId }, async (change) => {
        moved = await rooms.members.move(change, from, to)
      })
      if (moved) access.tell(moved)
    }
}
