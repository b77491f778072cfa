import { count, oneOf, arenaOptions as engineOptions, type Options } from '@tablecast/config'

export const arenaOptions = {
  ARENA_ENGINE: {
    schema: oneOf('embedded', 'off'),
    fallback: '',
    does: 'Arena: the engine inside the server: embedded or off; embedded by default without NATS_URL',
  },
  ARENA_MAX_SESSIONS: { schema: count(100_000), fallback: '100', does: 'Arena: games that may run at a time' },
  ARENA_KEEP_SESSIONS: {
    schema: count(1_000_000),
    fallback: '200',
    does: 'Arena: finished games that are kept for replay',
  },
  ...engineOptions,
} satisfies Options
