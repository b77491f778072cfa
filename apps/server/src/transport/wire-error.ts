import { type ErrorCode, type InputIssue, sentenceOfIssue, TablecastError } from '@tablecast/contracts'
import { databaseProblemOf } from '@tablecast/store'

export type WireError = { code: ErrorCode; message: string; details: unknown }

/** Turns every error into the one that the client receives. An unknown error becomes INTERNAL and shows nothing of itself. */
export function toWireError(error: unknown): WireError {
  if (error instanceof TablecastError)
    return { code: error.code, message: error.message, details: error.details ?? null }
  if (error instanceof Error && error.cause instanceof TablecastError) return toWireError(error.cause)
  const problem = databaseProblemOf(error)
  if (problem) return { code: 'UNAVAILABLE', message: problem.words, details: null }
  return { code: 'INTERNAL', message: 'Something went wrong on the server. Try again.', details: null }
}

/** Limits the answer, because some messages repeat the input: a thousand unknown fields, each by name. */
const MAX_ISSUES = 10
const MAX_ISSUE_LENGTH = 300

type Issue = InputIssue & { keys?: readonly string[] }

/** The answer to an invalid input: a sentence for a person, and zod's issues for programs, at most `MAX_ISSUES` of at most `MAX_ISSUE_LENGTH` characters each. */
export function invalidInput(found: readonly Issue[]): WireError {
  const issues = found.slice(0, MAX_ISSUES).map((issue) => ({
    ...issue,
    message: shortened(issue.message),
    ...(issue.keys ? { keys: issue.keys.slice(0, MAX_ISSUES).map(shortened) } : {}),
  }))
  return { code: 'VALIDATION_FAILED', message: sentenceOfIssue(found[0]), details: { issues } }
}

export const shortened = (text: string): string =>
  text.length > MAX_ISSUE_LENGTH ? `${text.slice(0, MAX_ISSUE_LENGTH)}…` : text
