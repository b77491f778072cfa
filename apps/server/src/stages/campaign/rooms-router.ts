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
  RotateInviteInput,
  SetRoleInput,
  TablecastError,
  UnbanInput,
} from '@tablecast/contracts'
import type { Audit } from '../../ops/audit.ts'
import { limited } from '../../transport/connection-limits.ts'
import type { KeyedBuckets } from '../../transport/limits.ts'
import { type Context, type Procedures, router } from '../../trpc.ts'
import type { Rooms } from './rooms.ts'

export type RoomsRouterParts = {
  rooms: Rooms
  audit: Audit
  /** Wrong invites that an address may try. */
  inviteAttempts: KeyedBuckets
}

export function roomsRouter(
  { signedIn, roomMember, roomDm, roomOwner }: Procedures,
  { rooms, audit, inviteAttempts }: RoomsRouterParts,
) {
  const caller = ({ userId, name }: { userId: string; name: string }) => ({ userId, name })
  const guessing = async <T>({ address }: Pick<Context, 'address'>, work: () => Promise<T>): Promise<T> => {
    const attempts = inviteAttempts.get(address)
    if (attempts.isEmpty) throw limited('too many wrong invites from this address: wait a while', attempts.waitSeconds)
    return work().catch((error: unknown) => {
      if (error instanceof TablecastError && error.code === 'INVITE_NOT_FOUND') attempts.take()
      throw error
    })
  }
  return router({
    create: signedIn.input(CreateRoomInput).mutation(({ ctx, input }) => rooms.create(caller(ctx.identity), input)),
    join: signedIn
      .input(JoinRoomInput)
      .mutation(({ ctx, input }) => guessing(ctx, () => rooms.join(caller(ctx.identity), input))),
    list: signedIn.query(({ ctx }) => rooms.list(ctx.identity.userId)),
    get: roomMember.query(({ ctx }) => rooms.get(ctx.member.roomId, ctx.identity.userId)),
    leave: roomMember.input(LeaveRoomInput).mutation(({ ctx, input }) => rooms.leave(caller(ctx.member), input)),
    rotateInvite: roomDm
      .input(RotateInviteInput)
      .mutation(({ ctx, input }) => rooms.rotateInvite(caller(ctx.member), input)),
    revokeInvite: roomDm
      .input(RevokeInviteInput)
      .mutation(({ ctx, input }) => rooms.revokeInvite(caller(ctx.member), input)),
    kick: roomDm.input(KickInput).mutation(({ ctx, input }) => rooms.kick(caller(ctx.member), input)),
    ban: roomDm.input(BanInput).mutation(({ ctx, input }) => rooms.ban(caller(ctx.member), input)),
    unban: roomDm.input(UnbanInput).mutation(({ ctx, input }) => rooms.unban(caller(ctx.member), input)),
    setLocked: roomDm.input(LockInput).mutation(({ ctx, input }) => rooms.setLocked(caller(ctx.member), input)),
    setRole: roomOwner.input(SetRoleInput).mutation(({ ctx, input }) => rooms.setRole(caller(ctx.member), input)),
    handOver: roomOwner.input(HandOverInput).mutation(({ ctx, input }) => rooms.handOver(caller(ctx.member), input)),
    /** What touched the access of the room, newest first. */
    audit: roomOwner
      .input(AuditInput)
      .query(({ input: { roomId, before, limit } }): Promise<AuditPage> =>
        audit.page(roomId, { before: before ?? undefined, limit }),
      ),
  })
}
