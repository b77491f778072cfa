/**
 * Channels that processes publish to and hear: in memory, over NATS, over Redis. At most once: a message that must not
 * be missed is kept elsewhere.
 */
export interface PubSub extends AsyncDisposable {
  readonly kind: 'memory' | 'nats' | 'redis'
  /** False while the server behind it can't be reached; it is tried again for ever. */
  readonly isConnected: boolean
  /** Where it is, without credentials; null for memory. */
  readonly url: string | null
  /**
   * Sends now, in the order of the calls. Throws `BusError`: UNAVAILABLE while disconnected (nothing is kept for later),
   * BAD_SUBJECT, TOO_LARGE.
   */
  publish(channel: string, data: string | Uint8Array): void
  /** Resolves when everything published before has reached the server. Rejects with UNAVAILABLE when it may not have. */
  flush(): Promise<void>
  /** Lasts through reconnects. */
  subscribe(channel: string, handle: (message: ChannelMessage) => void): Subscription
  /** Called at each loss and return of the connection. Returns a function that ends it. */
  watch(listener: (isConnected: boolean) => void): () => void
}

export interface ChannelMessage {
  /** The channel that it came on. */
  readonly subject: string
  readonly data: Uint8Array
  /** The data as UTF-8; what is no UTF-8 becomes U+FFFD. */
  readonly text: string
  /** The text as JSON; undefined when it is not JSON. */
  readonly json: unknown
}

export type Subscription = { close(): void }
