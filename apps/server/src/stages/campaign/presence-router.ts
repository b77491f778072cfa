import { audienceOf, type PresenceEvent, ResyncInput, SetPresenceInput } from '@tablecast/contracts'
import { type Procedures, router } from '../../trpc.ts'
import type { PresenceBoard } from './presence.ts'
import type { RoomStreams } from './room-streams.ts'

export type PresenceParts = { presence: PresenceBoard; roomStreams: RoomStreams }

export function presenceRouter({ roomMember, roomDm }: Procedures, { presence, roomStreams }: PresenceParts) {
  return router({
    set: roomMember.input(SetPresenceInput).mutation(({ ctx, input }) => {
      presence.set(input.roomId, ctx.identity.userId, input)
      return { ok: true as const }
    }),

    resync: roomDm.input(ResyncInput).mutation(({ input }) => {
      presence.resync(input.roomId, input.userId)
      return { ok: true as const }
    }),

    /** Who is here, and heartbeats. The caller counts as present while this is open. Events have no position. */
    events: roomMember.subscription(async function* ({ ctx, input: { roomId }, signal }) {
      const { member } = ctx
      const audience = audienceOf(member.role)
      const channel = await presence.channel(roomId, audience)
      const disconnect = presence.connect(roomId, { userId: member.userId, name: member.name, role: member.role })
      const open = () => ({
        channel,
        after: channel.head,
        isTracked: false,
        first: () => JSON.stringify(presence.rosterEvent(roomId, audience)),
      })
      try {
        const events = roomStreams.stream<PresenceEvent>(ctx, signal, () => Promise.resolve(open()))
        // Not tracked, so what comes out is the event itself.
        for await (const event of events) yield event as unknown as PresenceEvent
      } finally {
        disconnect()
      }
    }),
  })
}
