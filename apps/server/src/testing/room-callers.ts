// Callers of a test room, one for each way to belong to it, for contracts that try what each of them may do.
import type { TestRoom } from './real-calls.ts'
import { newKey, type openTestbed, type TestUser } from './testbed.ts'

/** `player of the character`: of the character `pc`. `stranger`: signed in, and no member. */
export const roomCallers = [
  'owner',
  'dm',
  'player of the character',
  'another player',
  'spectator',
  'stranger',
] as const
export type RoomCaller = (typeof roomCallers)[number]

/** Joins another player and a spectator to those whom the room has. */
export async function joinRoomCallers(
  testbed: Awaited<ReturnType<typeof openTestbed>>,
  room: TestRoom,
): Promise<Record<RoomCaller, TestUser>> {
  const join = async (role: string) => {
    const user = await testbed.signIn(role)
    await user.http.rooms.join.mutate({ key: newKey(), code: room.codeOf(role) })
    return user
  }
  const { owner, dm, player, outsider } = room.users
  return {
    owner,
    dm,
    'player of the character': player,
    'another player': await join('player'),
    spectator: await join('spectator'),
    stranger: outsider,
  }
}
