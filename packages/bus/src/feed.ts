/** A stream of values of which the newest counts: a JetStream subject, or the same subject on the bus in memory. */
export type FeedSource = {
  /** The JetStream stream that holds the subject; it has to exist. */
  stream: string
  subject: string
  /** A consumer of that name that the server remembers, for one reader; null: one of this reader's own, gone with it. */
  durable: string | null
}

/**
 * Why a feed can not be read. NO_JETSTREAM: the server keeps no streams; NO_STREAM: there is none of that name; NO_SUBJECT: the stream
 * does not hold the subject; PUSH_CONSUMER, OTHER_CONSUMER: somebody else's consumer has the name (`detail` tells what it does);
 * FAILED: anything else (`detail` is the server's word).
 */
export type FeedProblem = {
  code: 'NO_JETSTREAM' | 'NO_STREAM' | 'NO_SUBJECT' | 'PUSH_CONSUMER' | 'OTHER_CONSUMER' | 'FAILED'
  detail: string
}

export interface Feed extends AsyncDisposable {
  /** False until the consumer runs, and while it doesn't. */
  readonly isRunning: boolean
  /**
   * Messages that are still to come, as of a few seconds ago. Of a feed that can not be read: those on the subject since the newest
   * one that was taken, or all of them when none was.
   */
  readonly lag: number
  /** Null while it runs, and as long as nothing is known to be wrong. It is tried again every few seconds. */
  readonly problem: FeedProblem | null
}
