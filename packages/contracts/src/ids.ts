import { z } from 'zod'

export { Id, Timestamp } from '@tablecast/text'

/** The client makes a new key for each mutation. A retry with the same key gets the first answer. */
export const IdempotencyKey = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'must be 8 to 64 letters, digits, "_" or "-"')

/** A client's own id for a request on a plain socket. The answer carries it unchanged. */
export const RequestId = z.union([z.string().max(128), z.number()]).optional()
export type RequestId = z.infer<typeof RequestId>
