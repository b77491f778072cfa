import { type ErrorCode, TablecastError } from '@tablecast/contracts'
import { troubleOf } from '@tablecast/store'

export type WireError = { code: ErrorCode; message: string; details: unknown }

/** The one place where an error becomes what a client is told; an unknown one tells nothing. */
export function toWireError(error: unknown): WireError {
  if (error instanceof TablecastError)
    return { code: error.code, message: error.message, details: error.details ?? null }
  if (error instanceof Error && error.cause instanceof TablecastError) return toWireError(error.cause)
  const trouble = troubleOf(error)
  if (trouble) return { code: 'UNAVAILABLE', message: trouble.words, details: null }
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
