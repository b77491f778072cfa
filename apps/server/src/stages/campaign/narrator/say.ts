import type { Audience, SayAnswer } from '@tablecast/contracts'
import type { Asked, NarratorTurns, Orchestrator } from '@tablecast/orchestrator'

export type SayParts = { orchestrator: Orchestrator; narration: NarratorTurns }

/** A DM's prose becomes a turn of the model where a DM chose so; all else is story, dice or a change at once. */
export async function say(
  { orchestrator, narration }: SayParts,
  asked: Asked & { message: string },
  audience: Audience,
): Promise<SayAnswer> {
  const isForModel = audience === 'dm' && (await narration.takes(asked.roomId, asked.message))
  return isForModel ? narration.start(asked) : orchestrator.processChatMessage(asked)
}
