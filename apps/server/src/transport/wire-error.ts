import { type ErrorCode, TablecastError } from '@tablecast/contracts'
import { databaseProblemOf } from '@tablecast/store'

export type WireError = { code: ErrorCode; message: string; details: unknown }

/** Turns every error into the one that the client receives. An unknown error becomes INTERNAL and shows nothing of itself. */
export function toWireError(error: unknown): WireError {
  if (error instanceof TablecastError)
    return { code: error.code, message: error.message, details: error.details ?? null }
  if (error instanceof Error && error.cause instanceof TablecastError) return toWireError(error.cause)
  const problem = databaseProblemOf(error)
  if (problem) return { code: 'UNAVAILABLE', message: problem.words, details: null }
  return { code: 'INTERNAL', message: 'something went wrong on the server', details: null }
}

/** Limits the answer, because some messages repeat the input: a thousand unknown fields, each by name. */
const MAX_ISSUES = 10
const MAX_ISSUE_LENGTH = 300

type Issue = { message: string; path: PropertyKey[]; keys?: readonly string[] }

/** The answer to an invalid input: zod's issues, at most `MAX_ISSUES` of at most `MAX_ISSUE_LENGTH` characters each. */
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

export const shortened = (text: string): string =>
  text.length > MAX_ISSUE_LENGTH ? `${text.slice(0, MAX_ISSUE_LENGTH)}…` : text
