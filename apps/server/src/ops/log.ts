import { type DestinationStream, pino } from 'pino'
import type { CallScope } from '../transport/call-scope.ts'
import { withoutSecrets } from './without-secrets.ts'

export type Log = ReturnType<typeof createLog>

export type LogOptions = {
  level: string
  /** What each line belongs to. */
  scope: CallScope
  /** Standard output, unless it is given. */
  to?: DestinationStream | undefined
}

/** Structured lines, with the ids of the call in which they are written. No secret reaches them. */
export const createLog = ({ level, scope, to }: LogOptions) =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      // A copy: what is logged is written into it.
      mixin: () => ({ ...scope.ids }),
      hooks: { streamWrite: withoutSecrets },
    },
    to ?? pino.destination(1),
  )
