import { pino } from 'pino'

export type Log = ReturnType<typeof createLog>

/** Structured lines on standard output. Tokens, keys and invite codes never reach them. */
export const createLog = (level: string) =>
  pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['token', '*.token', 'req.headers.authorization', 'code', '*.code', 'input.code'],
      censor: '[redacted]',
    },
  })
