// The events that a client of a room gets. Events for DMs and for players have different types, so that the compiler keeps them apart.
import type { PlayerView } from './audience.ts'
import type { MemberView } from './member-view.ts'
import type { Patch } from './patch.ts'
import type { Presence } from './room.ts'
import type { RosterChange } from './roster.ts'
import type { CampaignState, NarrativeEntry, StatePatch } from './state.ts'
import type { Step } from './steps.ts'
import type { WithdrawnMark } from './withdrawn.ts'

/** The number of entries in a snapshot: the newest ones, in their order. `campaign.history` has the older ones. */
export const SNAPSHOT_ENTRIES = 50

export type Snapshot<View> = {
  name: string
  view: View
  entries: NarrativeEntry[]
  /** True when older entries exist. */
  more: boolean
  /** `stateHash(view)`. */
  hash: string
  /** The version that edits are based on, and whether undo and redo have a step; null for players. */
  dm: DmStatus | null
}

export type DmSnapshot = Snapshot<CampaignState>
export type PlayerSnapshot = Snapshot<PlayerView>
/** @public docs/protocols.md names it. */
export type PlayerPatch = Patch<PlayerView>

/** `undo`, `redo`: the step that each takes next. Events that an older server stored lack both. */
export type DmStatus = {
  version: number
  canUndo: boolean
  canRedo: boolean
  undo?: Step | null
  redo?: Step | null
}

type Stamp = { timestamp: string; seq: number }

/**
 * The events of a room for one audience. `seq` counts this audience's events from 1 without gaps. A snapshot carries the newest
 * `seq`: `campaign_active`, or `campaign_deactivated` with a null id for a client that connects to an idle room.
 */
type EventOf<SnapshotOfView, PatchOfView> =
  | (Stamp & { type: 'campaign_active'; campaign_id: string; snapshot: SnapshotOfView })
  | (Stamp & { type: 'campaign_loaded'; campaign_id: string; snapshot: SnapshotOfView })
  | (Stamp & {
      type: 'campaign_updated'
      campaign_id: string
      patch: PatchOfView | null
      entries: NarrativeEntry[]
      /** Entries that were withdrawn, restored or edited. */
      withdrawn: WithdrawnMark[]
      /** `stateHash` of the view after the patch. */
      hash: string
      dm: DmStatus | null
    })
  | (Stamp & { type: 'campaign_deactivated'; campaign_id: string | null })

/** @public docs/protocols.md names it. */
export type DmCampaignEvent = EventOf<DmSnapshot, StatePatch> & { audience: 'dm' }
export type PlayerCampaignEvent = EventOf<PlayerSnapshot, PlayerPatch> & { audience: 'player' }
export type CampaignEvent = DmCampaignEvent | PlayerCampaignEvent

/**
 * With `lastEventId` (a position or null), `presence.events` begins with the `roster` and continues with its changes. `at` is the
 * position of the event. Without `lastEventId`, each event carries the whole roster, for pages of older versions. `count` is the
 * number of people beyond 50.
 *
 * `heartbeat` carries the newest position of the subscriber's campaign stream, so that a client notices missing events.
 * `resync`: the member must take a snapshot.
 */
export type PresenceEvent =
  | { type: 'roster'; timestamp: string; at: string; roster: Presence[]; unlisted: number }
  | ({ type: 'roster_changed'; timestamp: string; at: string } & RosterChange<Presence>)
  | {
      type: 'player_joined' | 'player_left' | 'player_status'
      timestamp: string
      user_id?: string
      roster: Presence[]
      count?: number
    }
  | { type: 'heartbeat'; timestamp: string; epoch: string; seq: number }
  | { type: 'resync'; timestamp: string; user_id: string }

/** The roster for a client that polls: the changes since its `cursor`, or the whole roster. */
export type PresenceSinceAnswer = { cursor: string; events: PresenceEvent[] }

/** @public docs/protocols.md names it. */
export type MemberPatch = Patch<MemberView>

/**
 * An event for one member: whispers, and the member's own view. It has a stream and positions of its own: `room:<id>:member:<user>`.
 * `view` belongs to the campaign `campaign_id`, and `hash` is its `stateHash`. `member_loaded` brings the view of a campaign that opens. The
 * empty lists of both events about the view are for pages of older versions, which take them for whispers.
 */
export type WhisperEvent = Stamp &
  (
    | {
        type: 'whispers_active'
        campaign_id: string | null
        entries: NarrativeEntry[]
        more: boolean
        /** Events that an older server sends lack both. */
        view?: MemberView
        hash?: string
      }
    | {
        type: 'whispered'
        campaign_id: string
        entries: NarrativeEntry[]
        withdrawn: WithdrawnMark[]
      }
    | {
        type: 'member_updated'
        campaign_id: string
        patch: MemberPatch
        hash: string
        entries: never[]
        withdrawn: never[]
      }
    | {
        type: 'member_loaded'
        campaign_id: string
        view: MemberView
        hash: string
        entries: never[]
        withdrawn: never[]
      }
  )
