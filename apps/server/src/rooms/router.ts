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
  TablecastError,
  UnbanInput,
} from '@tablecast/contracts'
import type { Audit } from './audit.ts'
import { limited } from '../transport/connection-limits.ts'
import { KeyedQueue } from '@tablecast/orchestrator'
import type { KeyedBuckets } from '../transport/limits.ts'
import { roomRequest, toKeyedInput } from './change-request.ts'
import { type Context, type Procedures, router } from '../trpc.ts'
import type { Rooms } from './rooms.ts'

export type RoomsRouterDeps = {
  rooms: Rooms
  audit: Audit
  networkOrigins: ReadonlySet<string>
  /** Limits wrong invite codes, by the client's address. */
  inviteAttempts: KeyedBuckets
}

export function roomsRouter(
  { signedIn, roomMember, roomDm, roomOwner, roomLeaver, roomGiver }: Procedures,
  { rooms, audit, networkOrigins, inviteAttempts }: RoomsRouterDeps,
) {
  const personOf = ({ userId, name }: { userId: string; name: string }) => ({ userId, name })
  /** Tries the codes of an address one after another, so that a wrong one counts before the next is tried. */
  const attemptQueue = new KeyedQueue()
  const limitAttempts = <T>(
    { address }: Pick<Context, 'address'>,
    work: (deadline: number) => Promise<T>,
  ): Promise<T> =>
    attemptQueue.run(address, async (deadline) => {
      const attempts = inviteAttempts.get(address)
      if (attempts.isEmpty)
        throw limited('Too many wrong invites from this address: wait a while.', attempts.waitSeconds)
      return work(deadline).catch((error: unknown) => {
        if (error instanceof TablecastError && error.code === 'INVITE_NOT_FOUND') attempts.take()
        throw error
      })
    })
  return router({
    create: signedIn
      .input(CreateRoomInput)
      .mutation(({ ctx, input }) => rooms.create(personOf(ctx.identity), { ...input, ...toKeyedInput(input) })),
    join: signedIn
      .input(JoinRoomInput)
      .mutation(({ ctx, input }) =>
        limitAttempts(ctx, (deadline) =>
          rooms.join(personOf(ctx.identity), { ...input, ...toKeyedInput(input), deadline }),
        ),
      ),
    list: signedIn.query(({ ctx }) => rooms.list(ctx.identity.userId)),
    get: roomMember.query(({ ctx }) => rooms.get(ctx.member.roomId, ctx.identity.userId)),
    /** The origins by which other devices reach this server, for invite links; none where only this machine does. */
    addresses: roomDm.query((): RoomAddresses => ({ origins: [...networkOrigins] })),
    leave: roomLeaver.input(LeaveRoomInput).mutation(({ ctx, input }) => rooms.leave(roomRequest(ctx, input))),
    rotateInvite: roomDm
      .input(RotateInviteInput)
      .mutation(({ ctx, input }) => rooms.rotateInvite(roomRequest(ctx, input))),
    revokeInvite: roomDm
      .input(RevokeInviteInput)
      .mutation(({ ctx, input }) => rooms.revokeInvite(roomRequest(ctx, input))),
    kick: roomDm.input(KickInput).mutation(({ ctx, input }) => rooms.kick(roomRequest(ctx, input))),
    ban: roomDm.input(BanInput).mutation(({ ctx, input }) => rooms.ban(roomRequest(ctx, input))),
    unban: roomDm.input(UnbanInput).mutation(({ ctx, input }) => rooms.unban(roomRequest(ctx, input))),
    setLocked: roomDm.input(LockInput).mutation(({ ctx, input }) => rooms.setLocked(roomRequest(ctx, input))),
    setRole: roomOwner.input(SetRoleInput).mutation(({ ctx, input }) => rooms.setRole(roomRequest(ctx, input))),
    handOver: roomGiver.input(HandOverInput).mutation(({ ctx, input }) => rooms.handOver(roomRequest(ctx, input))),
    /** The events that concern access to the room, newest first. */
    audit: roomOwner
      .input(AuditInput)
      .query(({ input: { roomId, before, limit } }): Promise<AuditPage> =>
        audit.page(roomId, { before: before ?? undefined, limit }),
      ),
  })
}
