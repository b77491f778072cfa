import type { StoredEvent } from '@tablecast/store'

/** Passed in by the server, which knows the sockets. Called after the commit, for each stream in the order of `seq`. */
export interface CampaignBroadcaster {
  broadcast(event: StoredEvent): void
  /**
   * These streams have to be read again: a commit may have been carried out or not; or an undo deleted events without adding a new one.
   */
  recheck?(streamIds: readonly string[]): void
}
