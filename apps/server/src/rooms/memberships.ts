// Checks whether a user is a member of a room, and what their role allows. Each check reads the database; checks at the same
// moment share a read.
import { type Role, TablecastError } from '@tablecast/contracts'
import { notAMember, type Right, wrongRole } from '@tablecast/orchestrator'
import { Batched, type Repositories, type Store } from '@tablecast/store'
import type { Membership } from '../trpc.ts'

type MemberId = { roomId: string; userId: string }

export class Memberships {
  readonly #store: Store
  readonly #batched: Batched<MemberId, Membership>

  constructor(store: Store) {
    this.#store = store
    this.#batched = new Batched({ run: (work) => store.read(work), idOf: memberKey, answer: readMemberships })
  }

  /** Throws NOT_A_MEMBER, also for a room that doesn't exist, so that nobody learns which ids exist. */
  async get(roomId: string, userId: string): Promise<Membership> {
    const member = await this.#batched.get({ roomId, userId })
    if (!member) throw notAMember()
    return member
  }

  /** The membership, if its role has the right. Throws NOT_A_MEMBER, NOT_THE_DM. */
  async allowed(roomId: string, userId: string, right: Right): Promise<Membership> {
    const refuse = (error: unknown): never => {
      if (error instanceof TablecastError) right.refused?.(error)
      throw error
    }
    const member = await this.get(roomId, userId).catch(refuse)
    const wrong = wrongRole(member, right)
    return wrong ? refuse(wrong) : member
  }

  /** Whether this idempotency key of the user already has a stored answer. */
  async hasAnswered(procedure: string, userId: string, key: string): Promise<boolean> {
    const known = await this.#store.read(({ answers }) => answers.find(userId, key))
    return known?.procedure === procedure
  }
}

const memberKey = ({ roomId, userId }: MemberId): string => `${roomId} ${userId}`

async function readMemberships({ rooms }: Repositories, ids: readonly MemberId[]): Promise<Map<string, Membership>> {
  const found = new Map<string, Membership>()
  for (const [roomId, inRoom] of Map.groupBy(ids, (id) => id.roomId))
    for (const member of await rooms.memberships(
      roomId,
      inRoom.map(({ userId }) => userId),
    ))
      found.set(memberKey({ roomId, userId: member.userId }), { ...member, roomId })
  return found
}

/**
 * The roles of those who may read a room, and the accessVersion at which that was read: of members by their user id, and of screens by the
 * id of their link.
 */
export const readMembers = (
  store: Store,
  roomId: string,
): Promise<{ access: number; roles: ReadonlyMap<string, Role> }> =>
  store.read(async ({ rooms, screens }) => ({
    access: (await rooms.get(roomId))?.access ?? 0,
    roles: new Map([
      ...(await rooms.members(roomId)).map(({ userId, role }): [string, Role] => [userId, role]),
      ...(await screens.list(roomId)).map(({ id }): [string, Role] => [id, 'spectator']),
    ]),
  }))
