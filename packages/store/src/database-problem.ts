// The problems of a database, found in the errors of its drivers: one word for the log, and words for people.
const words = {
  lost: 'The database file of the server is gone, emptied or replaced. Nothing can be kept until its operator puts that right.',
  full: 'The disk of the server is full, and nothing was changed. Make room there and try again.',
  refused: 'The database takes no changes, and nothing was changed. Ask the operator to look at it.',
  held: 'The database made this wait for too long: try again.',
  unreachable: 'The database can not be reached: try again.',
  closed: 'The server is shutting down: try again.',
} as const

export type DatabaseProblemKind = keyof typeof words

/** `words`: sent to the client; they name no path and no query. */
export type DatabaseProblem = { kind: DatabaseProblemKind; words: string }

export const databaseProblem = (kind: DatabaseProblemKind): DatabaseProblem => ({ kind, words: words[kind] })

/** Thrown where no driver noticed. */
export class DatabaseProblemError extends Error {
  readonly problem: DatabaseProblem

  constructor(kind: DatabaseProblemKind) {
    super(words[kind])
    this.name = 'DatabaseProblemError'
    this.problem = databaseProblem(kind)
  }
}

/** Null for an error that says nothing about the database itself. */
export function databaseProblemOf(error: unknown): DatabaseProblem | null {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error)) return null
  if (cause instanceof DatabaseProblemError) return cause.problem
  const { code, errcode } = cause as { code?: unknown; errcode?: unknown }
  const kind =
    code === 'ERR_SQLITE_ERROR' ? sqliteKind(Number(errcode)) : (postgresKind(String(code)) ?? kindByWords(cause))
  return kind && databaseProblem(kind)
}

/** https://www.sqlite.org/rescode.html; the low byte is the primary code. */
function sqliteKind(errcode: number): DatabaseProblemKind | null {
  switch (errcode & 0xff) {
    case 5: // BUSY
    case 6: // LOCKED
      return 'held'
    case 13: // FULL
      return 'full'
    case 8: // READONLY
    case 10: // IOERR
    case 11: // CORRUPT
    case 14: // CANTOPEN
    case 26: // NOTADB
      return 'refused'
    default:
      return null
  }
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** https://www.postgresql.org/docs/current/errcodes-appendix.html; the first two characters are the class. */
function postgresKind(code: string): DatabaseProblemKind | null {
  if (UNREACHABLE.has(code)) return 'unreachable'
  if (!/^[0-9A-Z]{5}$/.test(code)) return null
  switch (code) {
    case '53100': // disk_full
      return 'full'
    case '25006': // read_only_sql_transaction: a standby
    case '42P01': // undefined_table: the schema was dropped
      return 'refused'
    case '57014': // query_canceled: it had to wait for too long
    case '55P03': // lock_not_available
    case '40001': // serialization_failure, after all tries
    case '40P01': // deadlock_detected, after all tries
      return 'held'
    case 'XX001': // data_corrupted
    case 'XX002': // index_corrupted
      return 'refused'
    case '3D000': // invalid_catalog_name: the database was dropped
      return 'unreachable'
  }
  switch (code.slice(0, 2)) {
    case '08': // connection exception
    case '28': // invalid authorization
    case '53': // insufficient resources
    case '57': // operator intervention
      return 'unreachable'
    case '58': // system error
      return 'refused'
    default:
      return null
  }
}

/** The errors of PostgreSQL's driver that have no code. */
const kindByWords = ({ message }: Error): DatabaseProblemKind | null =>
  /Connection terminated|timeout exceeded when trying|is not queryable|has been discarded/.test(message)
    ? 'unreachable'
    : null
