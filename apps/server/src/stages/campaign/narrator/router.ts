import {
  AnswerEntryInput,
  audienceOf,
  type NarratingEvent,
  NarratingInput,
  PublishTurnInput,
  SetNarratorModeInput,
  TurnInput,
} from '@tablecast/contracts'
import type { NarratorTurns } from '@tablecast/orchestrator'
import { roomRequest } from '../../../rooms/change-request.ts'
import { type Procedures, router } from '../../../trpc.ts'
import { resumePoint } from '../../../transport/resume-point.ts'
import type { RoomStreams } from '../../../rooms/room-streams.ts'
import type { NarratingLive } from './narrating-live.ts'

export type NarratorRouterDeps = {
  narration: NarratorTurns
  narrating: NarratingLive
  roomStreams: RoomStreams
}

export function narratorRouter(
  { roomMember, roomDm }: Procedures,
  { narration, narrating, roomStreams: streams }: NarratorRouterDeps,
) {
  return router({
    status: roomDm.query(({ input }) => narration.status(input.roomId)),
    setMode: roomDm.input(SetNarratorModeInput).mutation(async ({ ctx, input }) => {
      await narration.setMode(roomRequest(ctx, input))
      return { mode: input.mode }
    }),

    /** Starts a turn that answers an entry of a player. */
    answer: roomDm.input(AnswerEntryInput).mutation(({ ctx, input }) => narration.answer(roomRequest(ctx, input))),
    regenerate: roomDm.input(TurnInput).mutation(({ ctx, input }) => narration.regenerate(roomRequest(ctx, input))),
    cancel: roomDm.input(TurnInput).mutation(async ({ ctx, input }) => {
      await narration.cancel(roomRequest(ctx, input))
      return { turnId: input.turnId }
    }),
    discard: roomDm.input(TurnInput).mutation(async ({ ctx, input }) => {
      await narration.discard(roomRequest(ctx, input))
      return { turnId: input.turnId }
    }),
    publish: roomDm
      .input(PublishTurnInput)
      .mutation(({ ctx, input }) => narration.publish({ ...roomRequest(ctx, input), text: input.text })),

    recap: roomMember.query(({ input }) => narration.recap(input.roomId)),

    /** The current turn, for clients that poll. */
    now: roomMember.query(async ({ ctx, input }) => ({
      turn: await narrating.now(input.roomId, audienceOf(ctx.member.role)),
    })),

    /**
     * The turn as it stands, then each change of it. DMs get everything. Players learn that a turn is being written, and get its text
     * in `auto` mode.
     */
    events: roomMember.input(NarratingInput).subscription(({ ctx, input, signal }) =>
      streams.stream<NarratingEvent>(ctx, signal, async () => {
        const channel = await narrating.channel(input.roomId, audienceOf(ctx.member.role))
        return { channel, after: resumePoint(channel, input.lastEventId), isTracked: true }
      }),
    ),
  })
}
