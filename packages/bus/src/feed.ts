/** A stream of values of which the newest counts: a JetStream subject, or the same subject on the bus in memory. */
export type FeedSource = {
  /** The JetStream stream that holds the subject; it has to exist. */
  stream: string
  subject: string
  /** A consumer of that name that the server remembers, for one reader; null: one of this reader's own, gone with it. */
  durable: string | null
}

export interface Feed extends AsyncDisposable {
  /** False until the consumer runs, and while it doesn't. */
  readonly isRunning: boolean
  /** Messages of the stream that are still to come, as of a few seconds ago. */
  readonly lag: number
}
