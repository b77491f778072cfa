// A room as one of its members sees it.
import { audienceOf, type Member, type RoomDetails, TablecastError } from '@tablecast/contracts'
import { notAMember } from '@tablecast/orchestrator'
import type { Repositories, RoomRow } from '@tablecast/store'

/** The most members in an answer to a DM, so that it does not grow with a crowd. */
const MAX_LISTED = { seated: 2_000, spectators: 200 }

/** Throws NOT_A_MEMBER. */
export async function roomDetails(tables: Repositories, roomId: string, userId: string): Promise<RoomDetails> {
  const me = await memberIn(tables, roomId, userId)
  const room = await tables.rooms.get(roomId)
  if (!room) throw new TablecastError('NOT_FOUND', 'There is no such table. Check its address.')
  return detailsFor(tables, room, me)
}

/** The same for a member and a room that this transaction has read. */
export async function detailsFor(tables: Repositories, room: RoomRow, me: Member): Promise<RoomDetails> {
  const isDm = audienceOf(me.role) === 'dm'
  return {
    room: withoutAccess(room),
    role: me.role,
    me,
    ...(isDm ? await listedMembers(tables, room.id) : { members: [me], unlisted: 0 }),
    invites: isDm ? (await tables.rooms.invites(room.id)).filter(({ role }) => role !== 'owner') : [],
    bans: isDm ? await tables.rooms.bans(room.id) : [],
  }
}

export const withoutAccess = ({ access: _access, ...room }: RoomRow): RoomDetails['room'] => room

/** Throws NOT_A_MEMBER. */
export async function memberIn(tables: Repositories, roomId: string, userId: string): Promise<Member> {
  const member = await tables.rooms.member(roomId, userId)
  if (!member) throw notAMember()
  return member
}

async function listedMembers(
  { rooms }: Repositories,
  roomId: string,
): Promise<Pick<RoomDetails, 'members' | 'unlisted'>> {
  const all = await rooms.members(roomId)
  const seated = all.filter(({ role }) => role !== 'spectator').slice(0, MAX_LISTED.seated)
  const spectators = all.filter(({ role }) => role === 'spectator').slice(-MAX_LISTED.spectators)
  const listed = new Set([...seated, ...spectators])
  return { members: all.filter((member) => listed.has(member)), unlisted: all.length - listed.size }
}
