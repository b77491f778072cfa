// The reason why a feed does not run, from JetStream's errors and from the configuration of a consumer that exists already.
import { JetStreamApiCodes, JetStreamApiError, type ConsumerConfig } from '@nats-io/jetstream'
import type { FeedProblem, FeedSource } from './feed.ts'
import { matches } from './subject.ts'

/** The stream's subjects don't hold the filter of a new consumer. Not among the codes of the library. */
const FILTER_NOT_IN_STREAM = 10093

export function problemOf(error: unknown): FeedProblem {
  if (error instanceof FeedError) return error.problem
  const detail = error instanceof Error ? error.message : String(error)
  // The library does not export the class.
  if (error instanceof Error && error.name === 'JetStreamNotEnabled') return { code: 'NO_JETSTREAM', detail }
  const code = error instanceof JetStreamApiError ? error.code : null
  if (code === JetStreamApiCodes.JetStreamNotEnabledForAccount) return { code: 'NO_JETSTREAM', detail }
  if (code === JetStreamApiCodes.StreamNotFound) return { code: 'NO_STREAM', detail }
  if (code === FILTER_NOT_IN_STREAM) return { code: 'NO_SUBJECT', detail }
  return { code: 'FAILED', detail }
}

/** Throws when a consumer that is there already does not give this feed its payloads. */
export function mustServe(config: ConsumerConfig, { subject }: FeedSource): void {
  if (config.deliver_subject)
    throw new FeedError({ code: 'PUSH_CONSUMER', detail: `it pushes to ${config.deliver_subject}` })
  const filters = config.filter_subjects ?? (config.filter_subject ? [config.filter_subject] : [])
  if (filters.length > 0 && !filters.some((filter) => matches(filter, subject)))
    throw new FeedError({ code: 'OTHER_CONSUMER', detail: `it reads ${filters.join(', ')}` })
  if (config.headers_only) throw new FeedError({ code: 'OTHER_CONSUMER', detail: 'it gives headers without payloads' })
}

class FeedError extends Error {
  readonly problem: FeedProblem

  constructor(problem: FeedProblem) {
    super(problem.detail)
    this.name = 'FeedError'
    this.problem = problem
  }
}
