// A person who is present: as nodes send them to each other, and as an audience sees them.
import {
  Applied,
  type Audience,
  audienceOf,
  DisplayName,
  Id,
  PlayerStatus,
  type Presence,
  Role,
  type Roster,
  type SyncState,
} from '@tablecast/contracts'
import { z } from 'zod'

/**
 * A person in the messages between nodes. `connections` is 0 while they are lost; a moment later they have left. `since`: when they
 * came, or were lost. Nodes of older versions leave out `hasLeft` and `cameAt`.
 */
export const PresentPerson = z.object({
  userId: Id,
  name: DisplayName,
  role: Role,
  connections: z.number(),
  status: PlayerStatus,
  since: z.number(),
  applied: Applied.nullable(),
  rttMs: z.number().nullable(),
  hasLeft: z.boolean().exactOptional(),
  cameAt: z.number().exactOptional(),
})
export type PresentPerson = z.infer<typeof PresentPerson>

/** Some fields of a person, for a difference. */
export const PresentPersonFields = z.object({
  userId: Id,
  name: DisplayName.exactOptional(),
  role: Role.exactOptional(),
  connections: z.number().exactOptional(),
  status: PlayerStatus.exactOptional(),
  since: z.number().exactOptional(),
  applied: Applied.nullable().exactOptional(),
  rttMs: z.number().nullable().exactOptional(),
  hasLeft: z.boolean().exactOptional(),
  cameAt: z.number().exactOptional(),
})

/** The people whom a node lists, and the number of the others. */
export type PresentRoster = Roster<PresentPerson>

export const hasLeft = (person: PresentPerson): boolean => person.hasLeft ?? person.connections === 0

/** The newest position of an audience's stream. */
export type HeadOf = (audience: Audience) => { epoch: string; seq: number } | null

export function presenceOf(person: PresentPerson, audience: Audience, headOf: HeadOf): Presence {
  const { userId, name, role, status, connections, applied, rttMs } = person
  const isForDm = audience === 'dm'
  const isOnline = isForDm ? connections > 0 : !hasLeft(person)
  // Players do not learn that a connection is lost for a moment.
  const since = isForDm || !isOnline ? person.since : (person.cameAt ?? person.since)
  return {
    userId,
    name,
    role,
    online: isOnline,
    status,
    since: new Date(since).toISOString(),
    link: isForDm && applied && isOnline ? { transport: applied.transport, rttMs } : null,
    sync: isForDm ? syncOf(person, headOf) : null,
  }
}

function syncOf({ role, connections, applied }: PresentPerson, headOf: HeadOf): NonNullable<Presence['sync']> {
  const head = headOf(audienceOf(role))
  const behind = applied && head && applied.epoch === head.epoch ? Math.max(0, head.seq - applied.seq) : 0
  const state = (): SyncState => {
    if (connections === 0) return 'lost'
    if (!applied) return 'unknown'
    if (!applied.visible) return 'asleep'
    return behind > 0 ? 'behind' : 'in_sync'
  }
  return { state: state(), behind, healed: applied?.healed ?? 0 }
}
