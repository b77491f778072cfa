import type { StoredEvent } from '@tablecast/store'

/** Injected by whoever knows the sockets. Called after the commit, for each stream in the order of `seq`. */
export interface CampaignBroadcaster {
  broadcast(event: StoredEvent): void
}
