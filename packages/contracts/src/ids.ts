import { z } from 'zod'

/** What may become part of a stream name, a bus subject or a query. */
export const Id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" or "-"')

/** Made by the client for each mutation; a retry with the same key gets the first answer. */
export const IdempotencyKey = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'must be 8 to 64 letters, digits, "_" or "-"')

/** ISO 8601, UTC, milliseconds, a final `Z`. */
export const Timestamp = z.iso.datetime({ precision: 3 })

/**
 * A place in a stream, as it stands in `tracked()` ids and `lastEventId`: `<epoch>:<seq>`.
 * `seq` counts from 1; 0 is before the first event. The epoch changes when a log is restored or replaced.
 */
export type Position = { epoch: string; seq: number }

const POSITION = /^([A-Za-z0-9_-]{1,64}):(0|[1-9]\d{0,14})$/

export const formatPosition = ({ epoch, seq }: Position): string => `${epoch}:${seq}`

/** Null for anything that isn't a position: an unknown cursor gets a snapshot, never an error. */
export function parsePosition(text: string | null | undefined): Position | null {
  const match = POSITION.exec(text ?? '')
  return match ? { epoch: match[1] ?? '', seq: Number(match[2]) } : null
}
