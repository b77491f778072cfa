import { z } from 'zod'
import { Id, Timestamp } from './ids.ts'
import { Line, NonblankLine } from './text.ts'

export const roles = ['owner', 'dm', 'player', 'spectator'] as const
export const Role = z.enum(roles)
export type Role = z.infer<typeof Role>

/** An invite carries a role; the `owner` invite exists only for a room without an owner (the sample room) and works once. */
export const InviteRole = z.enum(['owner', 'dm', 'player', 'spectator'])
export type InviteRole = z.infer<typeof InviteRole>

/** The roles that `rooms.rotateInvite`, `rooms.revokeInvite` and `rooms.setRole` take. */
export const NonOwnerRole = Role.exclude(['owner'])

export const DisplayName = NonblankLine(60)

/** `locked`: nobody can join, even with a valid invite. */
export const Room = z.object({
  id: Id,
  name: DisplayName,
  activeCampaignId: Id.nullable(),
  createdAt: Timestamp,
  locked: z.boolean(),
})
export type Room = z.infer<typeof Room>

/** A room has at most one invite for each role. Null in `expiresAt` or `maxUses` means no limit. */
export type Invite = { role: InviteRole; code: string; expiresAt: string | null; maxUses: number | null; uses: number }

/** A person who may not join again. */
export type Ban = { userId: string; name: string; at: string }

export const Member = z.object({ userId: Id, name: DisplayName, role: Role, joinedAt: Timestamp })
export type Member = z.infer<typeof Member>

export const CampaignSummary = z.object({
  id: Id,
  name: DisplayName,
  archived: z.boolean(),
  active: z.boolean(),
  version: z.int(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export type CampaignSummary = z.infer<typeof CampaignSummary>

/** The source of a campaign. `name`: of that campaign or adventure. `exportedAt`: when its file was written. */
export const CampaignOrigin = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('new') }),
  z.object({ kind: z.literal('file'), name: Line(200), exportedAt: Timestamp }),
  z.object({ kind: z.literal('adventure'), name: Line(200) }),
  z.object({ kind: z.literal('copy'), name: Line(200) }),
])
export type CampaignOrigin = z.infer<typeof CampaignOrigin>

/**
 * A campaign of the library. `origin`: null for one that an older server made. `entries`, `pages`: how many it has. `deletedAt`: it is
 * removed 30 days later.
 */
export type LibraryItem = CampaignSummary & {
  origin: CampaignOrigin | null
  entries: number
  pages: number
  deletedAt: string | null
}
/** `deleted`: campaigns that can still be restored. */
export type CampaignLibrary = { campaigns: LibraryItem[]; deleted: LibraryItem[] }

export const PlayerStatus = z.enum(['ready', 'away', 'idle', 'typing'])
export type PlayerStatus = z.infer<typeof PlayerStatus>

/**
 * A client's progress in the stream: the newest position that it applied, and the hash of its view there. `healed`: how often a
 * differing hash made it take a snapshot.
 */
export const Applied = z.object({
  epoch: Line(64),
  seq: z.int().min(0),
  hash: Line(32),
  transport: z.enum(['websocket', 'sse', 'polling']),
  visible: z.boolean(),
  healed: z.int().min(0),
})
export type Applied = z.infer<typeof Applied>

/** `asleep`: the tab is hidden, or has sent nothing for long. `lost`: there is no connection. */
export type SyncState = 'in_sync' | 'behind' | 'asleep' | 'lost' | 'unknown'

/**
 * One person of the roster. `since`: the time when `online` or `sync` last changed; for a member who has left, the last sign of them.
 * `behind`: the number of events that the person's page lacks.
 */
export type Presence = {
  userId: string
  name: string
  role: Role
  online: boolean
  status: PlayerStatus
  since: string
  /** Only DMs get `link` and `sync`; they are null for others. */
  link: { transport: 'websocket' | 'sse' | 'polling'; rttMs: number | null } | null
  sync: { state: SyncState; behind: number; healed: number } | null
}
