import type { ErrorCode } from '@tablecast/contracts'
import { TRPCClientError } from '@trpc/client'

/** The answer in place of an acknowledgement; `NO_ANSWER` when the connection broke, or nothing came in time. */
export type Refusal = ErrorCode | 'NO_ANSWER'

export function codeOf(error: unknown): Refusal {
  const data = error instanceof TRPCClientError ? (error.data as { tablecast?: { code: ErrorCode } } | null) : null
  return data?.tablecast?.code ?? 'NO_ANSWER'
}
