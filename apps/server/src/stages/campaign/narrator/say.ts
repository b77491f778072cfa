import type { SayAnswer } from '@tablecast/contracts'
import type { Actor } from '@tablecast/narrator'
import type { Narration, Orchestrator } from '@tablecast/orchestrator'

export type SayParts = { orchestrator: Orchestrator; narration: Narration }

/** A chat message becomes a turn of the model where the DM chose so; else story, dice or a change at once. */
export async function say(
  { orchestrator, narration }: SayParts,
  asked: { roomId: string; actor: Actor; key: string; message: string },
): Promise<SayAnswer> {
  if (!(await narration.takes(asked.roomId, asked.actor, asked.message))) return orchestrator.processChatMessage(asked)
  await narration.start(asked)
  return { seq: 0, version: null, message: null }
}
