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
      await narration.setMode(askedBy(ctx, input))
      return { mode: input.mode }
    }),

    /** Starts a turn that answers an entry of a player. */
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
