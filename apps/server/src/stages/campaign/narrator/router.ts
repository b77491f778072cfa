import {
  AnswerEntryInput,
  audienceOf,
  type NarratingEvent,
  NarratingInput,
  PublishTurnInput,
  SetNarratorModeInput,
  TurnInput,
} from '@tablecast/contracts'
import type { Narration } from '@tablecast/orchestrator'
import { type Membership, type Procedures, router } from '../../../trpc.ts'
import { resumePoint } from '../../../transport/resume-point.ts'
import type { RoomStreams } from '../room-streams.ts'
import { actorOf } from '../router.ts'
import type { NarratingLive } from './narrating-live.ts'

export type NarratorParts = {
  narration: Narration
  narrating: NarratingLive
  roomStreams: RoomStreams
}

export function narratorRouter(
  { roomMember, roomDm }: Procedures,
  { narration, narrating, roomStreams: streams }: NarratorParts,
) {
  const by = (member: Membership) => ({ roomId: member.roomId, actor: actorOf(member) })
  return router({
    status: roomDm.query(({ input }) => narration.status(input.roomId)),
    setMode: roomDm.input(SetNarratorModeInput).mutation(async ({ input: { roomId, mode } }) => {
      await narration.setMode(roomId, mode)
      return { mode }
    }),

    /** Begins an answer to what a player wrote. */
    answer: roomDm.input(AnswerEntryInput).mutation(async ({ ctx, input: { key, entryId, message } }) => {
      const { id } = await narration.answer({ ...by(ctx.member), key, entryId, message })
      return { turnId: id }
    }),
    regenerate: roomDm.input(TurnInput).mutation(async ({ ctx, input: { key, turnId } }) => {
      const { id } = await narration.regenerate({ ...by(ctx.member), key, turnId })
      return { turnId: id }
    }),
    cancel: roomDm.input(TurnInput).mutation(async ({ ctx, input: { key, turnId } }) => {
      await narration.cancel({ ...by(ctx.member), key, turnId })
      return { turnId }
    }),
    discard: roomDm.input(TurnInput).mutation(async ({ ctx, input: { key, turnId } }) => {
      await narration.discard({ ...by(ctx.member), key, turnId })
      return { turnId }
    }),
    publish: roomDm
      .input(PublishTurnInput)
      .mutation(({ ctx, input: { key, turnId, text, withPatch } }) =>
        narration.publish({ ...by(ctx.member), key, turnId, text, withPatch }),
      ),

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
