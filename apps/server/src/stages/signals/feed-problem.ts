// One line of advice for an operator: why a feed can't be read, and what to do about it.
import type { FeedProblem, FeedSource } from '@tablecast/bus'

export function adviceOn({ code, detail }: FeedProblem, { stream, subject, durable }: FeedSource): string {
  switch (code) {
    case 'NO_JETSTREAM':
      return `the NATS server keeps no streams: start it with JetStream (nats-server -js), or set SIGNALS_FEEDS=none`
    case 'NO_STREAM':
      return `there is no stream ${stream}: create it with the subject ${subject}, or take the feed out of SIGNALS_FEEDS (none for no feed at all)`
    case 'NO_SUBJECT':
      return `the stream ${stream} does not hold the subject ${subject}: add it to the stream, or correct SIGNALS_FEEDS`
    case 'PUSH_CONSUMER':
      return `the consumer ${durable} of the stream ${stream} is a push consumer of another program (${detail}): delete it (nats consumer rm ${stream} ${durable}), or set SIGNALS_CONSUMER=broadcast`
    case 'OTHER_CONSUMER':
      return `the consumer ${durable} of the stream ${stream} is not the feed's (${detail}): delete it (nats consumer rm ${stream} ${durable}), or set SIGNALS_CONSUMER=broadcast`
    case 'FAILED':
      return `the stream ${stream} can not be read: ${detail}`
  }
}
