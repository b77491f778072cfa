import { audienceOf, DiceChainsInput, DiceRollsInput, RevealDiceInput } from '@tablecast/contracts'
import type { Orchestrator } from '@tablecast/orchestrator'
import { roomRequest } from '../../../rooms/change-request.ts'
import { type Procedures, router } from '../../../trpc.ts'

/** Dice that can be checked. */
export function diceRouter({ roomMember, roomDm }: Procedures, { orchestrator }: { orchestrator: Orchestrator }) {
  return router({
    /** The chains of dice of a campaign, the newest first. Players get the open ones of the active campaign. */
    chains: roomMember.input(DiceChainsInput).query(({ ctx, input: { roomId, campaignId, before } }) =>
      orchestrator.dice.chains({
        roomId,
        campaignId,
        audience: audienceOf(ctx.member.role),
        before: before ?? null,
      }),
    ),
    /** The rolls of a chain in their order. */
    rolls: roomMember
      .input(DiceRollsInput)
      .query(({ ctx, input }) => orchestrator.dice.rolls({ ...input, audience: audienceOf(ctx.member.role) })),
    /** Shows the seed of the current chain to everybody who may check it, and begins another one. */
    reveal: roomDm
      .input(RevealDiceInput)
      .mutation(({ ctx, input }) => orchestrator.dice.reveal(roomRequest(ctx, input))),
  })
}
