import { type DestinationStream, pino } from 'pino'
import type { CallScope } from '../transport/call-scope.ts'
import { withoutSecrets } from './without-secrets.ts'

export type Log = ReturnType<typeof createLog>

export type LogOptions = {
  level: string
  /** Gives each line the ids of its call. */
  scope: CallScope
  /** Standard output by default. */
  to?: DestinationStream | undefined
}

/** A log of JSON lines. Each line has the ids of its call, and secrets are removed from it. */
export const createLog = ({ level, scope, to }: LogOptions) =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      // A copy, because pino writes the logged fields into it.
      mixin: () => ({ ...scope.ids }),
      hooks: { streamWrite: withoutSecrets },
    },
    to ?? pino.destination(1),
  )
