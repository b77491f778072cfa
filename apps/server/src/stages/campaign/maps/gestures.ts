import { audienceOf, GestureInput, GesturesInput, GesturesSinceInput, type MapGestureEvent } from '@tablecast/contracts'
import type { RoomAccess } from '../../../rooms/room-access.ts'
import type { RoomStreams } from '../../../rooms/room-streams.ts'
import { type Procedures, router } from '../../../trpc.ts'
import type { MapGestures } from './map-gestures.ts'

export type GesturesRouterDeps = { gestures: MapGestures; access: RoomAccess; roomStreams: RoomStreams }

/** Gestures of people on maps. They change nothing, and are not kept. */
export function gesturesRouter(
  { roomMember, roomPlayer }: Procedures,
  { gestures, access, roomStreams }: GesturesRouterDeps,
) {
  return router({
    /** Shows the others one gesture of the caller. The next one replaces it. */
    gesture: roomPlayer.input(GestureInput).mutation(async ({ ctx, input }) => {
      const send = await gestures.prepare(ctx.member.userId, input)
      let { member } = ctx
      const confirm = async () => (member = await ctx.confirm())
      await access.act(member, confirm, () => send(member))
      return { ok: true as const }
    }),

    /** The gestures of everybody, from now on. Each one replaces that person's gesture before. */
    gestures: roomMember.input(GesturesInput).subscription(({ ctx, input, signal }) => {
      const events = roomStreams.stream<MapGestureEvent>(ctx, signal, async () => {
        const channel = await gestures.channel(input.roomId, audienceOf(ctx.member.role))
        return { channel, after: channel.head, isTracked: false }
      })
      // Not tracked, so the iterator yields the event itself.
      return events as unknown as AsyncIterable<MapGestureEvent>
    }),

    /** The same for clients that poll. */
    gesturesSince: roomMember
      .input(GesturesSinceInput)
      .query(({ ctx, input: { roomId, cursor } }) => gestures.since(roomId, audienceOf(ctx.member.role), cursor)),
  })
}
