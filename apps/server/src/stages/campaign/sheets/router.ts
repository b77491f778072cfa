import { audienceOf, GetSheetInput, OperateSheetsInput, ReadCharactersInput } from '@tablecast/contracts'
import type { Orchestrator } from '@tablecast/orchestrator'
import { roomRequest } from '../../../rooms/change-request.ts'
import { type Procedures, router } from '../../../trpc.ts'

/** The sheets of players' characters. */
export function sheetsRouter({ roomPlayer }: Procedures, { orchestrator }: { orchestrator: Orchestrator }) {
  const { sheets } = orchestrator
  return router({
    /** Players read the sheets of their own characters. */
    get: roomPlayer
      .input(GetSheetInput)
      .query(({ ctx: { member }, input }) =>
        sheets.get({ ...input, caller: { id: member.userId, role: audienceOf(member.role) } }),
      ),
    operate: roomPlayer.input(OperateSheetsInput).mutation(({ ctx, input }) => sheets.operate(roomRequest(ctx, input))),
    /** The characters of a text of another program. Stores nothing. */
    read: roomPlayer.input(ReadCharactersInput).query(({ ctx, input }) => sheets.read(input.text, ctx.member.userId)),
  })
}
