import type { StoredEvent } from '@tablecast/store'

/** Injected by whoever knows the sockets. Called after the commit, for each stream in the order of `seq`. */
export interface CampaignBroadcaster {
  broadcast(event: StoredEvent): void
  /**
   * These streams have to be looked at: nobody knows whether a commit was carried out, so there may be new events in them; or what they
   * held was taken back, with no event that tells of it.
   */
  unsure?(streamIds: readonly string[]): void
}
