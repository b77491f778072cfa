import { audienceOf, type PresenceEvent, ResyncInput, SetPresenceInput } from '@tablecast/contracts'
import { type Procedures, router } from '../../trpc.ts'
import type { PresenceBoard } from './presence.ts'
import type { RoomAccess } from '../../rooms/room-access.ts'
import type { RoomStreams } from '../../rooms/room-streams.ts'

export type PresenceRouterDeps = { presence: PresenceBoard; roomStreams: RoomStreams; access: RoomAccess }

export function presenceRouter(
  { roomMember, roomDm }: Procedures,
  { presence, roomStreams, access }: PresenceRouterDeps,
) {
  return router({
    set: roomMember.input(SetPresenceInput).mutation(async ({ ctx: { member, confirm }, input }) => {
      await access.act(member, confirm, () => presence.set(input.roomId, member.userId, input))
      return { ok: true as const }
    }),

    resync: roomDm.input(ResyncInput).mutation(async ({ ctx: { member, confirm }, input }) => {
      await access.act(member, confirm, () => presence.resync(input.roomId, input.userId))
      return { ok: true as const }
    }),

    /** The roster, then its changes, and heartbeats. The caller is present while this is open. The events have no position. */
    events: roomMember.subscription(({ ctx, input: { roomId }, signal }) => {
      const { userId, name, role } = ctx.member
      const audience = audienceOf(role)
      const events = roomStreams.stream<PresenceEvent>(ctx, signal, async (stream) => {
        const channel = await presence.channel(roomId, audience)
        // Confirms the membership first, so that the roster never shows a removed member.
        await access.act(ctx.member, ctx.confirm, () => {
          if (stream.isOver) return
          const connection = presence.connect(roomId, { userId, name, role })
          stream.hold(ctx.whenSilent((isSilent) => connection.silent(isSilent)))
          stream.hold(() => connection.leave())
        })
        const first = () => JSON.stringify(presence.rosterEvent(roomId, audience))
        return { channel, after: channel.head, isTracked: false, first }
      })
      // Not tracked, so the iterator yields the event itself.
      return events as unknown as AsyncIterable<PresenceEvent>
    }),
  })
}
