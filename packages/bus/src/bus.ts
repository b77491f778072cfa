import type { Feed, FeedSource } from './feed.ts'

/**
 * Carries messages between the parts of one process (`memory`) or of many (`nats`). At most once: whoever missed a
 * message reads the log. Subjects are dot-separated tokens, as NATS writes them.
 */
export interface Bus extends AsyncDisposable {
  readonly kind: 'memory' | 'nats'
  /** False while the server behind it can't be reached; it is tried again for ever. */
  readonly isConnected: boolean
  /** Where it is, without credentials; null for memory. */
  readonly url: string | null
  /**
   * Sends now, in the order of the calls. Throws `BusError`: UNAVAILABLE while disconnected (nothing is kept for later),
   * BAD_SUBJECT, TOO_LARGE.
   */
  publish(subject: string, data: string | Uint8Array, options?: { id?: string }): void
  /** Resolves when everything published before has reached the server. Rejects with UNAVAILABLE when it may not have. */
  flush(): Promise<void>
  /**
   * `pattern` may hold `*` (one token) and, at its end, `>` (one or more). Never build one from what a user wrote.
   * Subscribers with the same `queue` share: each message goes to one of them. Lasts through reconnects.
   */
  subscribe(pattern: string, handle: (message: BusMessage) => void, options?: { queue?: string }): Subscription
  /** One answer. Rejects with NO_RESPONDERS when nobody listens, TIMEOUT, or what `publish` throws. */
  request(subject: string, data: string | Uint8Array, options: { timeoutMs: number; id?: string }): Promise<BusMessage>
  /**
   * Follows a feed of values for as long as it is not disposed; keeps trying while there is no such stream or server. In memory it is
   * the subject of that name.
   */
  follow(source: FeedSource, handle: (message: BusMessage) => void): Feed
  /** Told of each loss and return of the connection. Returns what ends it. */
  watch(listener: (isConnected: boolean) => void): () => void
}

export interface BusMessage {
  readonly subject: string
  readonly data: Uint8Array
  /** The data as UTF-8; what is no UTF-8 becomes U+FFFD. */
  readonly text: string
  /** The text as JSON; undefined when it is none. */
  readonly json: unknown
  /** The publisher's own mark for it, to know a repeat by; null when it gave none. */
  readonly id: string | null
  /** Answers a request. False when none is expected, or the connection is gone. */
  respond(data: string | Uint8Array): boolean
}

export type Subscription = { close(): void }

export type BusErrorCode = 'UNAVAILABLE' | 'NO_RESPONDERS' | 'TIMEOUT' | 'BAD_SUBJECT' | 'TOO_LARGE'

export class BusError extends Error {
  readonly code: BusErrorCode

  constructor(code: BusErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BusError'
    this.code = code
  }
}

/** The largest message, in bytes: what nats-server takes unless told otherwise. */
export const MAX_PAYLOAD_BYTES = 1_048_576
