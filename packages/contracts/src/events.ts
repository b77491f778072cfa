// The events that a client of a room gets. The DM's events and the players' are different types: they share shapes, never values.
import type { PlayerView } from './audience.ts'
import type { Patch } from './patch.ts'
import type { Presence } from './room.ts'
import type { RosterChange } from './roster.ts'
import type { CampaignState, NarrativeEntry, StatePatch } from './state.ts'
import type { Step } from './steps.ts'
import type { WithdrawnMark } from './withdrawn.ts'

/** The newest entries that a snapshot carries, oldest first; older ones come in pages from `campaign.history`. */
export const SNAPSHOT_ENTRIES = 50

export type Snapshot<View> = {
  name: string
  view: View
  entries: NarrativeEntry[]
  /** True when there are older entries than these. */
  more: boolean
  /** `stateHash(view)`. */
  hash: string
  /** The version that edits are based on and whether undo and redo have something to do; null for players. */
  dm: DmStatus | null
}

export type DmSnapshot = Snapshot<CampaignState>
export type PlayerSnapshot = Snapshot<PlayerView>
/** @public docs/protocols.md names it. */
export type PlayerPatch = Patch<PlayerView>

/** `undo`, `redo`: the steps that they take next; events that an older server stored are without them. */
export type DmStatus = {
  version: number
  canUndo: boolean
  canRedo: boolean
  undo?: Step | null
  redo?: Step | null
}

type Stamp = { timestamp: string; seq: number }

/**
 * The events of a room for one audience. `seq` counts this audience's events from 1 without gaps; snapshots
 * (`campaign_active`, and `campaign_deactivated` with a null id on connecting to an idle room) carry the newest `seq`.
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
 * With a position, or null for none, `presence.events` begins with the `roster`, and goes on with what changes in it. `at` is the
 * position of the event. Without one, each event carries the whole roster, as for pages of older versions; `count` is the
 * number of people beyond 50.
 *
 * `heartbeat` carries the newest position of the subscriber's campaign stream, so that a client notices a missing tail.
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

/** The roster for a client that asks again and again: what changed since its `cursor`, or the whole roster. */
export type PresenceSinceAnswer = { cursor: string; events: PresenceEvent[] }

/** An event for one member, beside the players' stream: `room:<id>:member:<user>`, with positions of its own. */
export type WhisperEvent = Stamp &
  (
    | { type: 'whispers_active'; campaign_id: string | null; entries: NarrativeEntry[]; more: boolean }
    | {
        type: 'whispered'
        campaign_id: string
        entries: NarrativeEntry[]
        withdrawn: WithdrawnMark[]
      }
  )
