import type { PlayerView } from '@tablecast/contracts'
import type { AskedOperation } from '../../../../live/outbox-calls.ts'

export type TurnAction = { label: string; operation: AskedOperation }

/** The things that the fight asks of this player now, for the line above the story. */
export function turnActions({ characters, turn, encounter }: PlayerView, myId: string): TurnAction[] {
  if (!encounter) return []
  const mine = characters.filter(({ ownerId }) => ownerId === myId)
  const awaited = mine.filter(({ id }) => encounter.awaiting.includes(id)).map(({ id }) => id)
  const acting = mine.find(({ id }) => id === turn.current)
  return [
    ...(awaited.length > 0
      ? [{ label: 'Roll initiative', operation: { type: 'rollInitiative', targets: awaited } } as const]
      : []),
    ...(acting?.downed?.state === 'dying'
      ? [{ label: 'Death save', operation: { type: 'deathSave', id: acting.id } } as const]
      : []),
    ...(acting
      ? [
          {
            label: 'End turn',
            operation: { type: 'advanceTurn', ends: { fighter: acting.id, round: turn.round } },
          } as const,
        ]
      : []),
  ]
}
