import { count, type Options } from '@tablecast/config'

/** Limits of connections and of the calls on them. */
export const connectionOptions = {
  MAX_FRAME_BYTES: { schema: count(16_777_216), fallback: '65536', does: 'Largest frame that a client may send' },
  MAX_BUFFERED_BYTES: {
    schema: count(268_435_456),
    fallback: '1048576',
    does: 'Bytes that may wait in one socket before the server stops writing to it',
  },
  MAX_SOCKETS_PER_IP: { schema: count(1_000_000), fallback: '200', does: 'Sockets from one address' },
  MAX_SOCKETS: { schema: count(1_000_000), fallback: '10000', does: 'Sockets in all' },
  MAX_SOCKETS_PER_USER: { schema: count(1_000_000), fallback: '50', does: 'Connections of one user' },
  MAX_SOCKETS_PER_ROOM: { schema: count(1_000_000), fallback: '5000', does: 'Connections that follow one room' },
  MAX_SUBSCRIPTIONS_PER_SOCKET: { schema: count(10_000), fallback: '32', does: 'Subscriptions on one connection' },
  MAX_ARRIVALS_AT_ONCE: {
    schema: count(10_000),
    fallback: '100',
    does: 'Connections of pages that sign in and start their streams at a time; the others wait for their turn',
  },
  CONNECTIONS_PER_SECOND_PER_IP: {
    schema: count(1_000_000),
    fallback: '50',
    does: 'New connections per second of one address, and four times as many at once',
  },
  CALLS_PER_SECOND: {
    schema: count(1_000_000),
    fallback: '50',
    does: 'Calls and messages per second on one connection',
  },
  CALLS_PER_SECOND_PER_IP: {
    schema: count(1_000_000),
    fallback: '200',
    does: 'Calls per second of one address, over all its connections and requests',
  },
  MAX_CALLS_IN_FLIGHT: {
    schema: count(10_000),
    fallback: '64',
    does: 'Calls on one connection that wait for an answer',
  },
  HEADER_TIMEOUT: { schema: count(600), fallback: '10', does: 'Seconds that the head of a request may take' },
  IDLE_TIMEOUT: {
    schema: count(86_400),
    fallback: '120',
    does: 'Seconds after which a connection to /trpc that asks for nothing and follows nothing is closed',
  },
} satisfies Options
