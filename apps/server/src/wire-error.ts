import { type ErrorCode, TablecastError } from '@tablecast/contracts'

export type WireError = { code: ErrorCode; message: string; details: unknown }

/** The one place where an error becomes what a client is told; an unknown one tells nothing. */
export function toWireError(error: unknown): WireError {
  if (error instanceof TablecastError)
    return { code: error.code, message: error.message, details: error.details ?? null }
  if (error instanceof Error && error.cause instanceof TablecastError) return toWireError(error.cause)
  if (isDiskFull(error))
    return {
      code: 'UNAVAILABLE',
      message: 'the disk of the server is full: nothing was changed; make room there and try again',
      details: null,
    }
  if (isDatabaseDown(error))
    return { code: 'UNAVAILABLE', message: 'the database can not be reached: try again', details: null }
  return { code: 'INTERNAL', message: 'something went wrong on the server', details: null }
}

/** Enough to see what is wrong. What was sent stands in some messages: a thousand unknown fields, by name. */
const MAX_ISSUES = 10
const MAX_ISSUE = 300

type Issue = { message: string; path: PropertyKey[]; keys?: readonly string[] }

/** What a client is told of an input that is not valid: as zod says it, but no longer than that. */
export function invalidInput(found: readonly Issue[]): WireError {
  const issues = found.slice(0, MAX_ISSUES).map((issue) => ({
    ...issue,
    message: shortened(issue.message),
    ...(issue.keys ? { keys: issue.keys.slice(0, MAX_ISSUES).map(shortened) } : {}),
  }))
  const [first] = issues
  const message = shortened(`${first?.path.join('.') || 'input'}: ${first?.message ?? 'not valid'}`)
  return { code: 'VALIDATION_FAILED', message, details: { issues } }
}

export const shortened = (text: string): string => (text.length > MAX_ISSUE ? `${text.slice(0, MAX_ISSUE)}…` : text)

/** 57014: PostgreSQL made the caller wait for too long. */
const DOWN = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  '57014',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08001',
])

/** SQLITE_FULL (https://www.sqlite.org/rescode.html), and what PostgreSQL calls disk_full. */
function isDiskFull(error: unknown): boolean {
  const { code, errcode } = causeOf(error) as { code?: unknown; errcode?: unknown }
  return code === '53100' || (code === 'ERR_SQLITE_ERROR' && errcode === 13)
}

const causeOf = (error: unknown): object => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause : {}
}

function isDatabaseDown(error: unknown): boolean {
  const cause = causeOf(error)
  if (!(cause instanceof Error)) return false
  return (
    DOWN.has(String((cause as { code?: unknown }).code)) ||
    /Connection terminated|timeout exceeded when trying|database is locked|is not queryable/.test(cause.message)
  )
}
