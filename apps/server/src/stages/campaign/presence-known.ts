// A person as the nodes know them, and as an audience sees them.
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
 * A person, as the nodes tell each other. `connections` is 0 while they are lost; a moment later they have left. `since`: when that
 * or their coming was. Nodes of older versions tell neither `hasLeft` nor `cameAt`.
 */
export const Known = z.object({
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
export type Known = z.infer<typeof Known>

/** Some fields of a person, for a difference. */
export const KnownFields = z.object({
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
export type KnownRoster = Roster<Known>

export const hasLeft = (known: Known): boolean => known.hasLeft ?? known.connections === 0

/** The newest position of an audience's stream. */
export type HeadOf = (audience: Audience) => { epoch: string; seq: number } | null

export function presenceOf(known: Known, audience: Audience, headOf: HeadOf): Presence {
  const { userId, name, role, status, connections, applied, rttMs } = known
  const isForDm = audience === 'dm'
  const isOnline = isForDm ? connections > 0 : !hasLeft(known)
  // Players do not learn that a connection is lost for a moment.
  const since = isForDm || !isOnline ? known.since : (known.cameAt ?? known.since)
  return {
    userId,
    name,
    role,
    online: isOnline,
    status,
    since: new Date(since).toISOString(),
    link: isForDm && applied && isOnline ? { transport: applied.transport, rttMs } : null,
    sync: isForDm ? syncOf(known, headOf) : null,
  }
}

function syncOf({ role, connections, applied }: Known, headOf: HeadOf): NonNullable<Presence['sync']> {
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
