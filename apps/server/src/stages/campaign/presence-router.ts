import { audienceOf, type PresenceEvent, ResyncInput, SetPresenceInput } from '@tablecast/contracts'
import { type Procedures, router } from '../../trpc.ts'
import type { PresenceBoard } from './presence.ts'
import type { RoomAccess } from '../../rooms/room-access.ts'
import type { RoomStreams } from '../../rooms/room-streams.ts'

export type PresenceParts = { presence: PresenceBoard; roomStreams: RoomStreams; access: RoomAccess }

export function presenceRouter({ roomMember, roomDm }: Procedures, { presence, roomStreams, access }: PresenceParts) {
  return router({
    set: roomMember.input(SetPresenceInput).mutation(async ({ ctx: { member, confirm }, input }) => {
      await access.act(member, confirm, () => presence.set(input.roomId, member.userId, input))
      return { ok: true as const }
    }),

    resync: roomDm.input(ResyncInput).mutation(async ({ ctx: { member, confirm }, input }) => {
      await access.act(member, confirm, () => presence.resync(input.roomId, input.userId))
      return { ok: true as const }
    }),

    /** Who is here, and heartbeats. The caller counts as present while this is open. Events have no position. */
    events: roomMember.subscription(({ ctx, input: { roomId }, signal }) => {
      const { userId, name, role } = ctx.member
      const audience = audienceOf(role)
      const events = roomStreams.stream<PresenceEvent>(ctx, signal, async (stream) => {
        const channel = await presence.channel(roomId, audience)
        // Nobody who is refused is shown, not even for a moment.
        await access.act(ctx.member, ctx.confirm, () => {
          if (stream.isOver) return
          const seat = presence.connect(roomId, { userId, name, role })
          stream.hold(ctx.whenSilent((isSilent) => seat.silent(isSilent)))
          stream.hold(() => seat.leave())
        })
        const first = () => JSON.stringify(presence.rosterEvent(roomId, audience))
        return { channel, after: channel.head, isTracked: false, first }
      })
      // Not tracked, so what comes out is the event itself.
      return events as unknown as AsyncIterable<PresenceEvent>
    }),
  })
}
