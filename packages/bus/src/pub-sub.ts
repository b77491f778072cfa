/**
 * Channels that processes publish and subscribe to: in memory, over NATS, over Redis. Delivery is at most once, so a message that must
 * not be missed is stored elsewhere.
 */
export interface PubSub extends AsyncDisposable {
  readonly kind: 'memory' | 'nats' | 'redis'
  /** False while the server can't be reached. The connection is tried again without end. */
  readonly isConnected: boolean
  /** The server's URL without credentials; null in memory. */
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
  /** The channel of the message. */
  readonly subject: string
  readonly data: Uint8Array
  /** The data as UTF-8. Invalid bytes become U+FFFD. */
  readonly text: string
  /** The text as JSON; undefined when it is not JSON. */
  readonly json: unknown
}

export type Subscription = { close(): void }
