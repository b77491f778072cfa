import type { StoredEvent } from '@tablecast/store'

/** Injected by whoever knows the sockets. Called after the commit, for each stream in the order of `seq`. */
export interface CampaignBroadcaster {
  broadcast(event: StoredEvent): void
  /** Called when nobody knows whether a commit was carried out: there may be new events in these streams. */
  unsure?(streamIds: readonly string[]): void
}
