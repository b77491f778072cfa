import { z } from 'zod'

/** Such an id can be part of a stream name, a bus subject or a query without escapes. */
export const Id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" or "-"')

/** ISO 8601, UTC, milliseconds, a final `Z`. */
export const Timestamp = z.iso.datetime({ precision: 3 })
