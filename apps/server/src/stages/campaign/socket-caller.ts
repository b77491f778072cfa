// Finds the caller of a plain socket of the campaign, and the caller's role in the room.
import { randomBytes } from 'node:crypto'
import { type Audience, DisplayName, Id, type Role, roles, TablecastError, startOf } from '@tablecast/contracts'
import { memberCaller, type Right, type RoomCaller, trustedCaller } from '@tablecast/orchestrator'
import type { Audit } from '../../rooms/audit.ts'
import { ANONYMOUS_PREFIX } from '../../rooms/room-access.ts'
import type { Rooms } from '../../rooms/rooms.ts'
import type { Identity } from '../../transport/identity.ts'

/** `caller`: confirmed again under the lock of each change. */
export type SocketCaller = { roomId: string; userId: string; name: string; role: Role; caller: RoomCaller }

/**
 * The person who opens the socket. `identity`: null if the server lets in everyone. Throws NOT_A_MEMBER, NOT_THE_DM, NOT_FOUND,
 * BAD_REQUEST.
 */
export async function findSocketCaller(
  { rooms, audit }: { rooms: Rooms; audit: Audit },
  { identity, url }: { identity: Identity | null; url: URL },
  audience: Audience,
): Promise<SocketCaller> {
  const room = Id.safeParse(url.searchParams.get('room') ?? 'main')
  if (!room.success)
    throw new TablecastError('BAD_REQUEST', 'This is not a room id: use 1 to 64 letters, digits, "_" or "-".')
  if (identity) {
    const refused = (error: TablecastError) => audit.refused(room.data, identity, url.pathname, error.code)
    const right: Right =
      audience === 'dm' ? { roles: ['owner', 'dm'], who: 'a DM', refused } : { roles, who: 'a member', refused }
    const { userId, name, role } = await rooms.memberships.allowed(room.data, identity.userId, right)
    return { roomId: room.data, userId, name, role, caller: memberCaller(identity.userId, right) }
  }
  if (!(await rooms.exists(room.data)))
    throw new TablecastError('NOT_FOUND', 'There is no such table. Check its address.')
  // `player_id` is a display name, never an identity.
  const shown = DisplayName.safeParse(startOf(url.searchParams.get('player_id') ?? '', 60)).data
  const userId = ANONYMOUS_PREFIX + randomBytes(9).toString('base64url')
  const name = audience === 'dm' ? 'DM' : (shown ?? 'Guest')
  const caller = trustedCaller({ id: userId, name, role: audience })
  return { roomId: room.data, userId, name, role: audience, caller }
}
