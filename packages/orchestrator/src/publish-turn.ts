// A written turn goes to the table through the orchestrator.
import type { NarratorTurn, PublishAnswer, RollRequest } from '@tablecast/contracts'
import type { Repositories } from '@tablecast/store'
import type { Orchestrator } from './orchestrator.ts'
import type { ChangeRequest } from './room-change.ts'
import type { TurnBroadcaster } from './turn-broadcaster.ts'
import type { TurnToPublish } from './written-turn.ts'

export type PublishDeps = { orchestrator: Orchestrator; broadcaster: TurnBroadcaster }

/** Nobody hears of it again when the key was answered before. */
export async function publishTurn(
  { orchestrator, broadcaster }: PublishDeps,
  request: ChangeRequest,
  turn: (repositories: Repositories) => Promise<TurnToPublish>,
): Promise<PublishAnswer> {
  let isNew = false
  const published = await orchestrator.publishTurn({
    ...request,
    turn: (repositories) => {
      isNew = true
      return turn(repositories)
    },
  })
  if (isNew) broadcaster.turn(request.roomId, null)
  return published
}

export const turnToPublish = (
  { id, campaignId, baseVersion }: NarratorTurn,
  { prose, patch, ifMoved }: Pick<TurnToPublish, 'patch' | 'ifMoved'> & { prose: string },
): TurnToPublish => {
  const entries = [{ kind: 'narration' as const, text: prose, rolls: [], audience: 'all' as const }]
  return { id, campaignId, baseVersion, entries, patch, ifMoved }
}

/** The prose, and below it the rolls that the model asks for. */
export const withRolls = (text: string, rolls: readonly RollRequest[]): string =>
  [
    text,
    ...rolls.map(({ who, notation, why }) => `*${who ? `${who}, roll` : 'Roll'} ${notation}${why ? `: ${why}` : ''}*`),
  ].join('\n\n')
