import { count, flag, type Options } from '@tablecast/config'

export const topicsOptions = {
  RING_SIZE: { schema: count(100_000), fallback: '100', does: 'Topics: messages kept for replay, per topic' },
  QUEUE_SIZE: {
    schema: count(100_000),
    fallback: '100',
    does: 'Topics: messages that may wait for a slow subscriber; the oldest are dropped, and counted',
  },
  SLOW_CONSUMER_TIMEOUT: {
    schema: count(3_600),
    fallback: '30',
    does: 'Topics: seconds after which a subscriber that reads nothing is closed',
  },
  TOPICS_DURABLE: {
    schema: flag,
    fallback: 'false',
    does: 'Topics: keep them and their messages in the database, over restarts',
  },
  KEY_MESSAGES_PER_SECOND: {
    schema: count(1_000_000),
    fallback: '200',
    does: 'Topics: messages per second with one API key',
  },
  MAX_TOPICS: { schema: count(1_000_000), fallback: '1000', does: 'Topics in all' },
} satisfies Options
