import type { Feed, FeedSource } from './feed.ts'
import type { ChannelMessage, PubSub, Subscription } from './pub-sub.ts'

/**
 * Carries messages between the parts of one process (`memory`) or of many (`nats`). At most once: a receiver that
 * missed a message reads the log. Subjects are dot-separated tokens, as NATS writes them.
 */
export interface Bus extends PubSub {
  readonly kind: 'memory' | 'nats'
  publish(subject: string, data: string | Uint8Array, options?: { id?: string }): void
  /**
   * `pattern` may hold `*` (one token) and, at its end, `>` (one or more). Never build one from a user's text.
   * Subscribers with the same `queue` share: each message goes to one of them. Lasts through reconnects.
   */
  subscribe(pattern: string, handle: (message: BusMessage) => void, options?: { queue?: string }): Subscription
  /** One answer. Rejects with NO_RESPONDERS when nobody listens, TIMEOUT, or what `publish` throws. */
  request(subject: string, data: string | Uint8Array, options: { timeoutMs: number; id?: string }): Promise<BusMessage>
  /**
   * Follows a feed of values until it is disposed. It keeps trying while the stream or server does not exist. In memory the feed is the
   * subject of that name.
   */
  follow(source: FeedSource, handle: (message: BusMessage) => void): Feed
}

export interface BusMessage extends ChannelMessage {
  /** The publisher's own mark, which detects a repeat; null without a mark. */
  readonly id: string | null
  /** Answers a request. False if no answer is expected, or the connection is gone. */
  respond(data: string | Uint8Array): boolean
}

export type BusErrorCode = 'UNAVAILABLE' | 'NO_RESPONDERS' | 'TIMEOUT' | 'BAD_SUBJECT' | 'TOO_LARGE'

export class BusError extends Error {
  readonly code: BusErrorCode

  constructor(code: BusErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BusError'
    this.code = code
  }
}

/** The largest message, in bytes: nats-server's default. */
export const MAX_PAYLOAD_BYTES = 1_048_576
