import {
  type AuditPage,
  AuditInput,
  BanInput,
  CreateRoomInput,
  HandOverInput,
  JoinRoomInput,
  KickInput,
  LeaveRoomInput,
  LockInput,
  RevokeInviteInput,
  type RoomAddresses,
  RotateInviteInput,
  SetRoleInput,
  UnbanInput,
} from '@tablecast/contracts'
import type { Audit } from './audit.ts'
import type { InviteAttempts } from './invite-attempts.ts'
import { roomRequest, toKeyedInput } from './change-request.ts'
import { type Procedures, router } from '../trpc.ts'
import type { Rooms } from './rooms.ts'

export type RoomsRouterDeps = {
  rooms: Rooms
  audit: Audit
  networkOrigins: ReadonlySet<string>
  inviteAttempts: InviteAttempts
}

export function roomsRouter(
  { signedIn, roomMember, roomDm, roomOwner, roomLeaver, roomGiver }: Procedures,
  { rooms, audit, networkOrigins, inviteAttempts }: RoomsRouterDeps,
) {
  const personOf = ({ userId, name }: { userId: string; name: string }) => ({ userId, name })
  return router({
    create: signedIn
      .input(CreateRoomInput)
      .mutation(({ ctx, input }) => rooms.create(personOf(ctx.identity), { ...input, ...toKeyedInput(input) })),
    join: signedIn
      .input(JoinRoomInput)
      .mutation(({ ctx, input }) =>
        inviteAttempts.run(ctx.address, (deadline) =>
          rooms.invites.join(personOf(ctx.identity), { ...input, ...toKeyedInput(input), deadline }),
        ),
      ),
    list: signedIn.query(({ ctx }) => rooms.list(ctx.identity.userId)),
    get: roomMember.query(({ ctx }) => rooms.get(ctx.member.roomId, ctx.identity.userId)),
    /** The origins by which other devices reach this server, for invite links; none where only this machine does. */
    addresses: roomDm.query((): RoomAddresses => ({ origins: [...networkOrigins] })),
    leave: roomLeaver.input(LeaveRoomInput).mutation(({ ctx, input }) => rooms.members.leave(roomRequest(ctx, input))),
    rotateInvite: roomDm
      .input(RotateInviteInput)
      .mutation(({ ctx, input }) => rooms.invites.rotate(roomRequest(ctx, input))),
    revokeInvite: roomDm
      .input(RevokeInviteInput)
      .mutation(({ ctx, input }) => rooms.invites.revoke(roomRequest(ctx, input))),
    kick: roomDm.input(KickInput).mutation(({ ctx, input }) => rooms.members.kick(roomRequest(ctx, input))),
    ban: roomDm.input(BanInput).mutation(({ ctx, input }) => rooms.members.ban(roomRequest(ctx, input))),
    unban: roomDm.input(UnbanInput).mutation(({ ctx, input }) => rooms.members.unban(roomRequest(ctx, input))),
    setLocked: roomDm.input(LockInput).mutation(({ ctx, input }) => rooms.setLocked(roomRequest(ctx, input))),
    setRole: roomOwner.input(SetRoleInput).mutation(({ ctx, input }) => rooms.members.setRole(roomRequest(ctx, input))),
    handOver: roomGiver
      .input(HandOverInput)
      .mutation(({ ctx, input }) => rooms.members.handOver(roomRequest(ctx, input))),
    /** The events that concern access to the room, newest first. */
    audit: roomOwner
      .input(AuditInput)
      .query(({ input: { roomId, before, limit } }): Promise<AuditPage> =>
        audit.page(roomId, { before: before ?? undefined, limit }),
      ),
  })
}
