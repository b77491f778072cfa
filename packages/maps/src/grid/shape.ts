import type { Point } from '../point.ts'

/**
 * How a map is divided. Without cells, places are free, and `size` is the length in pixels that `scale` stands for.
 */
export type Grid = {
  readonly kind: 'square' | 'hex-rows' | 'hex-columns' | 'none'
  /** From one side of a cell to the opposite one, in pixels of the picture. */
  readonly size: number
  /** The upper left corner of the first cell, and of the box around a cell of six sides, in pixels. */
  readonly offset: Point
  /** Length of a cell in the game, such as 5. */
  readonly scale: number
  /** Of `scale`, such as “ft”. */
  readonly unit: string
}

/** Counted from 0. */
export type Cell = { readonly column: number; readonly row: number }
