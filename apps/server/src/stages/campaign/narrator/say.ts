import type { Audience, SayAnswer } from '@tablecast/contracts'
import type { ChangeRequest, NarratorTurns, Orchestrator } from '@tablecast/orchestrator'

export type SayDeps = { orchestrator: Orchestrator; narration: NarratorTurns }

/**
 * Starts a turn of the model for a DM's prose, if the room's mode says so. Any other message is an entry, a roll or a command at
 * once.
 */
export async function say(
  { orchestrator, narration }: SayDeps,
  request: ChangeRequest & { message: string },
  audience: Audience,
): Promise<SayAnswer> {
  const isForModel = audience === 'dm' && (await narration.takes(request.roomId, request.message))
  return isForModel ? narration.start(request) : orchestrator.processChatMessage(request)
}
