import {
  CreateRoomInput,
  JoinRoomInput,
  KickInput,
  LeaveRoomInput,
  RotateInviteInput,
  SetRoleInput,
} from '@tablecast/contracts'
import { type Procedures, router } from '../../trpc.ts'
import type { Rooms } from './rooms.ts'

export function roomsRouter({ signedIn, roomMember, roomDm, roomOwner }: Procedures, rooms: Rooms) {
  const caller = ({ userId, name }: { userId: string; name: string }) => ({ userId, name })
  return router({
    create: signedIn.input(CreateRoomInput).mutation(({ ctx, input }) => rooms.create(caller(ctx.identity), input)),
    join: signedIn.input(JoinRoomInput).mutation(({ ctx, input }) => rooms.join(caller(ctx.identity), input)),
    list: signedIn.query(({ ctx }) => rooms.list(ctx.identity.userId)),
    get: roomMember.query(({ ctx }) => rooms.get(ctx.member.roomId, ctx.identity.userId)),
    leave: roomMember.input(LeaveRoomInput).mutation(({ ctx, input }) => rooms.leave(caller(ctx.identity), input)),
    rotateInvite: roomDm
      .input(RotateInviteInput)
      .mutation(({ ctx, input }) => rooms.rotateInvite(caller(ctx.identity), input)),
    kick: roomDm.input(KickInput).mutation(({ ctx, input }) => rooms.kick(caller(ctx.identity), input)),
    setRole: roomOwner.input(SetRoleInput).mutation(({ ctx, input }) => rooms.setRole(caller(ctx.identity), input)),
  })
}
