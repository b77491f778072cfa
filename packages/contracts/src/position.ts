// Separate from the schemas, so that the player's page loads this file without them.

/**
 * A position in a stream, as `tracked()` ids and `lastEventId` hold it: `<epoch>:<seq>`.
 * `seq` counts from 1; 0 is before the first event. The epoch changes when a log is restored or replaced.
 */
export type Position = { epoch: string; seq: number }

const POSITION = /^([A-Za-z0-9_-]{1,64}):(0|[1-9]\d{0,14})$/

export const formatPosition = ({ epoch, seq }: Position): string => `${epoch}:${seq}`

/** Null for any other text. The caller then sends a snapshot, never an error. */
export function parsePosition(text: string | null | undefined): Position | null {
  const match = POSITION.exec(text ?? '')
  return match ? { epoch: match[1] ?? '', seq: Number(match[2]) } : null
}
