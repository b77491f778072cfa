import { parsePosition, type Position } from '@tablecast/contracts'

/** The position that a server's cursor names. A text that is no position counts as the start of an unknown stream. */
export const positionOf = (cursor: string | null): Position => parsePosition(cursor) ?? { epoch: '', seq: 0 }
