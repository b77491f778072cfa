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
import type { Audit } from './audit.ts'
import { limited } from '../transport/connection-limits.ts'
import { KeyedQueue } from '@tablecast/orchestrator'
import type { KeyedBuckets } from '../transport/limits.ts'
import { askedBy, once } from './asked.ts'
import { type Context, type Procedures, router } from '../trpc.ts'
import type { Rooms } from './rooms.ts'

export type RoomsRouterParts = {
  rooms: Rooms
  audit: Audit
  /** Wrong invites that an address may try. */
  inviteAttempts: KeyedBuckets
}

export function roomsRouter(
  { signedIn, roomMember, roomDm, roomOwner, roomLeaver, roomGiver }: Procedures,
  { rooms, audit, inviteAttempts }: RoomsRouterParts,
) {
  const personOf = ({ userId, name }: { userId: string; name: string }) => ({ userId, name })
  /** One after the other for an address, so that a wrong one counts before the next one is tried. */
  const guesses = new KeyedQueue()
  const guessing = <T>({ address }: Pick<Context, 'address'>, work: (deadline: number) => Promise<T>): Promise<T> =>
    guesses.run(address, async (deadline) => {
      const attempts = inviteAttempts.get(address)
      if (attempts.isEmpty)
        throw limited('too many wrong invites from this address: wait a while', attempts.waitSeconds)
      return work(deadline).catch((error: unknown) => {
        if (error instanceof TablecastError && error.code === 'INVITE_NOT_FOUND') attempts.take()
        throw error
      })
    })
  return router({
    create: signedIn
      .input(CreateRoomInput)
      .mutation(({ ctx, input }) => rooms.create(personOf(ctx.identity), { ...input, ...once(input) })),
    join: signedIn
      .input(JoinRoomInput)
      .mutation(({ ctx, input }) =>
        guessing(ctx, (deadline) => rooms.join(personOf(ctx.identity), { ...input, ...once(input), deadline })),
      ),
    list: signedIn.query(({ ctx }) => rooms.list(ctx.identity.userId)),
    get: roomMember.query(({ ctx }) => rooms.get(ctx.member.roomId, ctx.identity.userId)),
    leave: roomLeaver.input(LeaveRoomInput).mutation(({ ctx, input }) => rooms.leave(askedBy(ctx, input))),
    rotateInvite: roomDm.input(RotateInviteInput).mutation(({ ctx, input }) => rooms.rotateInvite(askedBy(ctx, input))),
    revokeInvite: roomDm.input(RevokeInviteInput).mutation(({ ctx, input }) => rooms.revokeInvite(askedBy(ctx, input))),
    kick: roomDm.input(KickInput).mutation(({ ctx, input }) => rooms.kick(askedBy(ctx, input))),
    ban: roomDm.input(BanInput).mutation(({ ctx, input }) => rooms.ban(askedBy(ctx, input))),
    unban: roomDm.input(UnbanInput).mutation(({ ctx, input }) => rooms.unban(askedBy(ctx, input))),
    setLocked: roomDm.input(LockInput).mutation(({ ctx, input }) => rooms.setLocked(askedBy(ctx, input))),
    setRole: roomOwner.input(SetRoleInput).mutation(({ ctx, input }) => rooms.setRole(askedBy(ctx, input))),
    handOver: roomGiver.input(HandOverInput).mutation(({ ctx, input }) => rooms.handOver(askedBy(ctx, input))),
    /** What touched the access of the room, newest first. */
    audit: roomOwner
      .input(AuditInput)
      .query(({ input: { roomId, before, limit } }): Promise<AuditPage> =>
        audit.page(roomId, { before: before ?? undefined, limit }),
      ),
  })
}
