// The table of all errors that a client can get. Each transport reads its own form of an error from this table, in one place.

/** `close`: the close code of an error that ends the WebSocket. After 4000–4499 the client may connect again, after 4500–4999 it must not. */
type ErrorKind = { trpc: TrpcCode; http: number; close: number | null; retry: boolean }

type TrpcCode =
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'PRECONDITION_FAILED'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNPROCESSABLE_CONTENT'
  | 'TOO_MANY_REQUESTS'
  | 'SERVICE_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR'

export const errorKinds = {
  BAD_REQUEST: { trpc: 'BAD_REQUEST', http: 400, close: null, retry: false },
  VALIDATION_FAILED: { trpc: 'UNPROCESSABLE_CONTENT', http: 422, close: null, retry: false },
  UNKNOWN_COMMAND: { trpc: 'UNPROCESSABLE_CONTENT', http: 422, close: null, retry: false },
  UNAUTHORIZED: { trpc: 'UNAUTHORIZED', http: 401, close: 4501, retry: false },
  FORBIDDEN: { trpc: 'FORBIDDEN', http: 403, close: 4503, retry: false },
  NOT_THE_DM: { trpc: 'FORBIDDEN', http: 403, close: null, retry: false },
  NOT_A_MEMBER: { trpc: 'FORBIDDEN', http: 403, close: 4503, retry: false },
  BANNED: { trpc: 'FORBIDDEN', http: 403, close: 4503, retry: false },
  ROOM_LOCKED: { trpc: 'FORBIDDEN', http: 403, close: null, retry: false },
  NOT_FOUND: { trpc: 'NOT_FOUND', http: 404, close: null, retry: false },
  INVITE_NOT_FOUND: { trpc: 'NOT_FOUND', http: 404, close: null, retry: false },
  SCREEN_LINK_INVALID: { trpc: 'UNAUTHORIZED', http: 401, close: null, retry: false },
  CAMPAIGN_NOT_FOUND: { trpc: 'NOT_FOUND', http: 404, close: null, retry: false },
  SESSION_NOT_FOUND: { trpc: 'NOT_FOUND', http: 404, close: null, retry: false },
  SESSION_EXISTS: { trpc: 'CONFLICT', http: 409, close: null, retry: false },
  SESSION_ENDED: { trpc: 'CONFLICT', http: 409, close: null, retry: false },
  TOPIC_NOT_FOUND: { trpc: 'NOT_FOUND', http: 404, close: null, retry: false },
  TOPIC_EXISTS: { trpc: 'CONFLICT', http: 409, close: null, retry: false },
  SLOW_CONSUMER: { trpc: 'TOO_MANY_REQUESTS', http: 429, close: 1013, retry: true },
  NO_ACTIVE_CAMPAIGN: { trpc: 'CONFLICT', http: 409, close: null, retry: false },
  CONFLICT: { trpc: 'CONFLICT', http: 409, close: null, retry: false },
  ALREADY_EXISTS: { trpc: 'CONFLICT', http: 409, close: null, retry: false },
  PRECONDITION_FAILED: { trpc: 'PRECONDITION_FAILED', http: 412, close: null, retry: false },
  NOTHING_TO_UNDO: { trpc: 'CONFLICT', http: 409, close: null, retry: false },
  ROOM_FULL: { trpc: 'CONFLICT', http: 409, close: 4409, retry: true },
  MESSAGE_TOO_LARGE: { trpc: 'PAYLOAD_TOO_LARGE', http: 413, close: 1009, retry: false },
  RATE_LIMITED: { trpc: 'TOO_MANY_REQUESTS', http: 429, close: 4429, retry: true },
  NARRATOR_UNAVAILABLE: { trpc: 'SERVICE_UNAVAILABLE', http: 503, close: null, retry: true },
  BUS_UNAVAILABLE: { trpc: 'SERVICE_UNAVAILABLE', http: 503, close: null, retry: true },
  UNAVAILABLE: { trpc: 'SERVICE_UNAVAILABLE', http: 503, close: 1013, retry: true },
  INTERNAL: { trpc: 'INTERNAL_SERVER_ERROR', http: 500, close: 1011, retry: true },
} satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof errorKinds

/**
 * An error that the client receives; nothing was changed. `message` says what was wrong and what to do. `details` is JSON for the
 * client's program, such as the newer state of a CONFLICT.
 */
export class TablecastError extends Error {
  readonly code: ErrorCode
  readonly details: unknown

  constructor(code: ErrorCode, message: string, details?: unknown) {
    super(message)
    this.name = 'TablecastError'
    this.code = code
    this.details = details
  }

  get shouldRetry(): boolean {
    return errorKinds[this.code].retry
  }
}
