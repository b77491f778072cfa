// The tools that draw on a map, and the shape that a tool has drawn so far.
import type { AreaShape, FogStroke } from '@tablecast/contracts'
import type { Grid, Point } from '@tablecast/maps/grid'
import { snapped } from '@tablecast/maps/grid'
import type { Stroke, Tool } from './use-tool.ts'

export type FogShapeKind = 'rectangle' | 'polygon' | 'brush' | 'room'
export type AreaKind = AreaShape['kind']

/** `size`: of the map. */
type Clamp = (at: Point) => Point
export const clampTo =
  ({ width, height }: { width: number; height: number }): Clamp =>
  ({ x, y }) => ({ x: Math.max(0, Math.min(width, x)), y: Math.max(0, Math.min(height, y)) })

export type FogDraft = Exclude<FogStroke, { kind: 'all' }>
type FogTool = {
  shape: FogShapeKind
  /** Of the brush, in pixels of the picture. */
  radius: number
  clamp: Clamp
  draft: FogDraft | null
  draw: (draft: FogDraft | null) => void
  done: (stroke: FogDraft) => void
}

/** The most places of a brush stroke that the server takes. */
const MOST_OF_BRUSH = 500
const MOST_OF_POLYGON = 200

export function fogTool({ shape, radius, clamp, draft, draw, done }: FogTool): Tool {
  const finish = (stroke: FogDraft) => {
    draw(null)
    done(stroke)
  }
  return {
    cursor: 'cross',
    begin(raw) {
      const from = clamp(raw)
      switch (shape) {
        case 'rectangle':
          return spanned(from, {
            move: (to) => draw({ kind: 'rectangle', from, to: clamp(to) }),
            end: (to) => finish({ kind: 'rectangle', from, to: clamp(to) }),
            cancel: () => draw(null),
          })
        case 'brush': {
          let points: Point[] = [from]
          const add = (to: Point) => {
            const last = points.at(-1)
            if (last && Math.hypot(to.x - last.x, to.y - last.y) < radius / 4) return
            if (points.length < MOST_OF_BRUSH) points = [...points, clamp(to)]
            draw({ kind: 'brush', points: [...points], radius })
          }
          draw({ kind: 'brush', points, radius })
          return {
            move: add,
            end: () => finish({ kind: 'brush', points, radius }),
            cancel: () => draw(null),
          }
        }
        case 'room':
          return { move() {}, end: (at) => finish({ kind: 'room', at: clamp(at) }), cancel() {} }
        case 'polygon':
          return { move() {}, end: () => addCorner(from), cancel() {} }
      }
    },
  }

  /** A corner at the first one closes the shape. */
  function addCorner(at: Point): void {
    const points = draft?.kind === 'polygon' ? draft.points : []
    const [first] = points
    const isClosed = first && points.length >= 3 && Math.hypot(at.x - first.x, at.y - first.y) <= radius / 2
    if (isClosed) finish({ kind: 'polygon', points })
    else if (points.length < MOST_OF_POLYGON) draw({ kind: 'polygon', points: [...points, at] })
  }
}

/** A press without a movement draws nothing. */
function spanned(from: Point, stroke: Stroke): Stroke {
  return {
    ...stroke,
    end: (to) => (to.x === from.x && to.y === from.y ? stroke.cancel() : stroke.end(to)),
  }
}

type RulerTool = { grid: Grid; draw: (points: [Point, Point] | null) => void }

/** From the middle of a cell to the middle of another. */
export const rulerTool = ({ grid, draw }: RulerTool): Tool => ({
  cursor: 'cross',
  begin(at) {
    const from = whole(snapped(grid, at))
    return {
      move: (to) => draw([from, whole(snapped(grid, to))]),
      end: () => draw(null),
      cancel: () => draw(null),
    }
  },
})

type AreaTool = {
  grid: Grid
  kind: AreaKind
  draw: (shape: AreaShape | null) => void
  done: (shape: AreaShape) => void
}

/** Drawn from its middle, its tip or its beginning. */
export const areaTool = ({ grid, kind, draw, done }: AreaTool): Tool => ({
  cursor: 'cross',
  begin(at) {
    const from = onCorner(grid, at)
    return spanned(at, {
      move: (to) => draw(areaBetween(grid, kind, from, to)),
      end(to) {
        draw(null)
        done(areaBetween(grid, kind, from, to))
      },
      cancel: () => draw(null),
    })
  },
})

/** Its length is a whole number of cells. */
export function areaBetween(grid: Grid, kind: AreaKind, from: Point, to: Point): AreaShape {
  const raw = Math.hypot(to.x - from.x, to.y - from.y)
  const step = grid.kind === 'none' ? grid.size / 4 : grid.size
  const length = Math.max(step, Math.round(raw / step) * step)
  const direction = Math.atan2(to.y - from.y, to.x - from.x)
  switch (kind) {
    case 'circle':
      return { kind, centre: from, radius: length }
    case 'square':
      return { kind, centre: from, side: length * 2 }
    case 'cone':
      return { kind, tip: from, direction, length }
    case 'line':
      return { kind, from, direction, length, width: grid.size }
  }
}

/** Effects begin at a crossing of the grid or in the middle of a cell. */
function onCorner(grid: Grid, at: Point): Point {
  if (grid.kind === 'none') return whole(at)
  const places = [snapped(grid, at, 1), snapped(grid, at, 2)]
  const far = ({ x, y }: Point) => Math.hypot(x - at.x, y - at.y)
  return whole(places.toSorted((one, other) => far(one) - far(other))[0] ?? at)
}

export const whole = ({ x, y }: Point): Point => ({ x: Math.round(x), y: Math.round(y) })

/** A press shows a place to everyone. */
export const pingTool = (ping: (at: Point) => void): Tool => ({
  cursor: 'cross',
  begin: () => ({ move() {}, end: ping, cancel() {} }),
})
