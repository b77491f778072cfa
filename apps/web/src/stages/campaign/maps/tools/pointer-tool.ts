import type { Point } from '@tablecast/maps/grid'
import type { Tool } from './use-tool.ts'

/** The others see where the pointer is; a finger points while it is down. */
export const pointerTool = (point: (at: Point) => void, end: () => void): Tool => ({
  cursor: 'cross',
  begin(from) {
    point(from)
    return { move: point, end, cancel: end }
  },
  hover: point,
})
