// A stream of events that a page follows, and the connection that a transport opens for it.
import type { AppRouter } from '@tablecast/server'
import type { TRPCClient } from '@trpc/client'

export type Opened = {
  close(): void
  /** Asks the server for an answer over this connection; null for a transport that can't ask. */
  ask: (() => void) | null
  /** The transport fails by itself after silence. */
  tellsSilence: boolean
}

export type TransportEvents = {
  /** Called at most once. */
  failed(error: unknown): void
  /** Any message came. */
  heard(): void
}

/** The options of every subscription of a feed, beside its own `onData`. */
export type Watch = {
  onError(error: unknown): void
  onComplete(): void
  onConnectionStateChange(change: { state: string }): void
}

/** A stream to follow over any transport. Both functions report to the code that made the feed. */
export type Feed = {
  /** The connection is opened without the session of this browser. */
  isAnonymous?: true
  subscribe(client: TRPCClient<AppRouter>, watch: Watch): { unsubscribe(): void }[]
  /** Asks once for new events. */
  poll(signal: AbortSignal): Promise<void>
}
