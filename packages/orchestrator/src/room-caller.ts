// The caller of a change of a room, and the rule that gives the right to it.
import { audienceOf, type Role, TablecastError } from '@tablecast/contracts'
import type { Actor } from '@tablecast/narrator'
import type { Repositories } from '@tablecast/store'

/** `changeRoom` checks the right again under the lock, and refuses a member who was removed or lost the role a moment ago. */
export type RoomCaller = {
  readonly userId: string
  /** Called under the room's lock. Answers who acts, as of now. Throws NOT_A_MEMBER, NOT_THE_DM. */
  confirm(tables: Repositories, roomId: string): Promise<Actor>
}

/** `who`: the roles in words. `refused`: called with the refusal before it is thrown. */
export type Right = { roles: readonly Role[]; who: string; refused?(error: TablecastError): void }

/** A member with one of the roles. */
export const memberCaller = (userId: string, right: Right): RoomCaller => ({
  userId,
  async confirm({ rooms }, roomId) {
    const member = await rooms.member(roomId, userId)
    const refusal = member ? wrongRole(member, right) : notAMember()
    if (refusal) right.refused?.(refusal)
    if (refusal || !member) throw refusal ?? notAMember()
    return { id: userId, name: member.name, role: audienceOf(member.role) }
  },
})

/** A caller that needs no membership: the server itself, or a program where the operator lets everyone in. */
export const trustedCaller = (actor: Actor): RoomCaller => ({
  userId: actor.id,
  confirm: () => Promise.resolve(actor),
})

export const notAMember = () =>
  new TablecastError('NOT_A_MEMBER', 'You are not at this table. Ask the DM for an invite link.')

/** Null when the role is one that may. */
export const wrongRole = ({ role }: { role: Role }, { roles, who }: Right): TablecastError | null =>
  roles.includes(role) ? null : new TablecastError('NOT_THE_DM', `Only ${who} of this table may do this.`)
