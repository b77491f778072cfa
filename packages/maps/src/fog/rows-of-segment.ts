import type { Segment } from '../point.ts'
import { FOG_BLOCK } from './fog.ts'

/** The part of a segment in one row of blocks: from its first x to its last. */
type RowPart = { row: number; from: number; to: number }

/** The rows of blocks whose inside a segment crosses. One along the border of two rows is in none; `touching` counts the lower one. */
export function rowsOf({ a, b }: Segment, rows: number, touching = false): RowPart[] {
  const [upper, lower] = a.y <= b.y ? [a, b] : [b, a]
  const first = Math.max(0, Math.floor(upper.y / FOG_BLOCK))
  const last = Math.min(rows, touching ? Math.floor(lower.y / FOG_BLOCK) + 1 : Math.ceil(lower.y / FOG_BLOCK))
  const xAt = (y: number) => upper.x + ((y - upper.y) / (lower.y - upper.y)) * (lower.x - upper.x)
  const parts: RowPart[] = []
  for (let row = first; row < last; row++) {
    const isFlat = lower.y === upper.y
    const start = isFlat ? a.x : xAt(Math.max(upper.y, row * FOG_BLOCK))
    const end = isFlat ? b.x : xAt(Math.min(lower.y, (row + 1) * FOG_BLOCK))
    parts.push({ row, from: Math.min(start, end), to: Math.max(start, end) })
  }
  return parts
}
