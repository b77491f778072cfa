/** A stream of values of which the newest counts: a JetStream subject, or the same subject on the bus in memory. */
export type FeedSource = {
  /** The JetStream stream that holds the subject; it has to exist. */
  stream: string
  subject: string
  /** The name of a durable consumer, for one reader. Null makes a consumer that ends with this reader. */
  durable: string | null
}

/**
 * The reason why a feed can not be read.
 *
 * - NO_JETSTREAM: the server keeps no streams.
 * - NO_STREAM: no stream has that name.
 * - NO_SUBJECT: the stream does not hold the subject.
 * - PUSH_CONSUMER, OTHER_CONSUMER: a consumer of another program has the name, and `detail` describes it.
 * - FAILED: any other reason, and `detail` is the server's message.
 */
export type FeedProblem = {
  code: 'NO_JETSTREAM' | 'NO_STREAM' | 'NO_SUBJECT' | 'PUSH_CONSUMER' | 'OTHER_CONSUMER' | 'FAILED'
  detail: string
}

export interface Feed extends AsyncDisposable {
  /** True while the consumer runs. */
  readonly isRunning: boolean
  /**
   * The number of messages that this feed has not received yet, as of a few seconds ago. A feed that can not be read counts the
   * messages on the subject after the newest received one, or all of them.
   */
  readonly lag: number
  /** Null while the feed runs or before the first failure. The feed tries again every few seconds. */
  readonly problem: FeedProblem | null
}
