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
import { askedBy } from '../../../rooms/asked.ts'
import { type Procedures, router } from '../../../trpc.ts'
import { resumePoint } from '../../../transport/resume-point.ts'
import type { RoomStreams } from '../../../rooms/room-streams.ts'
import type { NarratingLive } from './narrating-live.ts'

export type NarratorParts = {
  narration: NarratorTurns
  narrating: NarratingLive
  roomStreams: RoomStreams
}

export function narratorRouter(
  { roomMember, roomDm }: Procedures,
  { narration, narrating, roomStreams: streams }: NarratorParts,
) {
  return router({
    status: roomDm.query(({ input }) => narration.status(input.roomId)),
    setMode: roomDm.input(SetNarratorModeInput).mutation(async ({ ctx, input }) => {
      await narration.setMode(askedBy(ctx, input))
      return { mode: input.mode }
    }),

    /** Begins an answer to what a player wrote. */
    answer: roomDm.input(AnswerEntryInput).mutation(({ ctx, input }) => narration.answer(askedBy(ctx, input))),
    regenerate: roomDm.input(TurnInput).mutation(({ ctx, input }) => narration.regenerate(askedBy(ctx, input))),
    cancel: roomDm.input(TurnInput).mutation(async ({ ctx, input }) => {
      await narration.cancel(askedBy(ctx, input))
      return { turnId: input.turnId }
    }),
    discard: roomDm.input(TurnInput).mutation(async ({ ctx, input }) => {
      await narration.discard(askedBy(ctx, input))
      return { turnId: input.turnId }
    }),
    publish: roomDm
      .input(PublishTurnInput)
      .mutation(({ ctx, input }) => narration.publish({ ...askedBy(ctx, input), text: input.text })),

    recap: roomMember.query(({ input }) => narration.recap(input.roomId)),

    /** What is being written, for those whom nothing live reaches. */
    now: roomMember.query(async ({ ctx, input }) => ({
      turn: await narrating.now(input.roomId, audienceOf(ctx.member.role)),
    })),

    /** The turn as it stands, then how it goes on. A DM gets all of it; players that something is written, and in `auto` mode the words. */
    events: roomMember.input(NarratingInput).subscription(({ ctx, input, signal }) =>
      streams.stream<NarratingEvent>(ctx, signal, async () => {
        const channel = await narrating.channel(input.roomId, audienceOf(ctx.member.role))
        return { channel, after: resumePoint(channel, input.lastEventId), isTracked: true }
      }),
    ),
  })
}
