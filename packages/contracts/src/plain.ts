// The plain sockets: /ws/campaign/player and /ws/campaign/dm. The wire contract fixes the field names, in snake_case.
import { Operation } from '@tablecast/rules'
import { z } from 'zod'
import type { PlayerCharacter, PlayerView } from './audience.ts'
import { DM_TURN } from './dm-turn.ts'
import { Id, RequestId } from './ids.ts'
import { MAX_MESSAGE } from './procedures.ts'
import { PlayerStatus } from './room.ts'
import type { NarrativeEntry } from './state.ts'
import { NonblankProse } from './text.ts'

export const PLAIN_ENTRIES = 100

const request_id = RequestId
const Ping = z.object({ type: z.literal('ping'), request_id })

export const PlainPlayerMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('status'), status: PlayerStatus, request_id }),
  Ping,
])
export type PlainPlayerMessage = z.infer<typeof PlainPlayerMessage>

export const PlainDmMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('activate'), campaign_id: Id, request_id }),
  z.object({ type: z.literal('chat'), message: NonblankProse(MAX_MESSAGE), request_id }),
  z.object({ type: z.literal('deactivate'), request_id }),
  z.object({ type: z.literal('operate'), operation: Operation, request_id }),
  Ping,
])
export type PlainDmMessage = z.infer<typeof PlainDmMessage>

/** The whole state as strings. Plain clients expect every field, so an unset field is an empty string. */
export type StructuredData = {
  narrative: string
  all_narratives: { id: string; timestamp: string; kind: string; author: string; text: string }[] | null
  turn: string
  status: string
  characters: string
  turn_info: { round: number; order: string[]; current: string | null } | null
  environmental_conditions: string
  immediate_threats: string
  story_progression: string
}

/** `entries`: up to `PLAIN_ENTRIES` of the newest, without withdrawn ones. */
export function structuredData(view: PlayerView, entries: readonly NarrativeEntry[]): StructuredData {
  const shown = entries.filter((entry) => !entry.withdrawn).slice(-PLAIN_ENTRIES)
  const names = new Map(view.characters.map(({ id, name }) => [id, name]))
  const nameOf = (id: string) => (id === DM_TURN ? 'DM' : (names.get(id) ?? id))
  const { round, order, current } = view.turn
  const acting = current === null ? null : nameOf(current)
  return {
    narrative: shown.at(-1)?.text ?? '',
    all_narratives:
      shown.length === 0
        ? null
        : shown.map(({ id, at, kind, author, text }) => ({ id, timestamp: at, kind, author: author.name, text })),
    turn: acting === null ? '' : `Round ${round}: ${acting}`,
    status: [view.scene, view.status].filter(Boolean).join('\n'),
    characters: view.characters.map(characterLine).join('\n'),
    turn_info: acting === null ? null : { round, order: order.map(nameOf), current: acting },
    environmental_conditions: view.environment.map(({ text }) => text).join('\n'),
    immediate_threats: view.threats.map(({ name, detail }) => (detail ? `${name}: ${detail}` : name)).join('\n'),
    story_progression: view.beats.map(({ text, done }) => `[${done ? 'x' : ' '}] ${text}`).join('\n'),
  }
}

function characterLine({ name, hp, health, armourClass, conditions }: PlayerCharacter): string {
  const parts = [hp ? `HP ${hp.current}/${hp.max}${hp.temp > 0 ? `+${hp.temp}` : ''}` : health]
  if (armourClass !== null) parts.push(`AC ${armourClass}`)
  parts.push(...conditions)
  return `${name} (${parts.join(', ')})`
}
