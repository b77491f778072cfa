import type { Grid, Point } from '@tablecast/maps/grid'
import { holds } from '@tablecast/maps/grid'
import { expect, it } from 'vitest'
import { outlineOf } from '../areas/outline.ts'
import { areaBetween, clampTo, type FogDraft, type FogShapeKind, fogTool } from './draft.ts'

const grid: Grid = { kind: 'square', size: 50, offset: { x: 0, y: 0 }, scale: 5, unit: 'ft' }
const press = new Event('pointerdown') as PointerEvent

function drawing(shape: FogShapeKind) {
  let draft: FogDraft | null = null
  const done: FogDraft[] = []
  const tool = () =>
    fogTool({
      shape,
      radius: 40,
      clamp: clampTo({ width: 400, height: 300 }),
      draft,
      draw: (next) => (draft = next),
      done: (stroke) => done.push(stroke),
    })
  const drag = (...points: Point[]) => {
    const [first, ...rest] = points
    const stroke = first ? tool().begin(first, press) : null
    for (const point of rest) stroke?.move(point)
    const last = points.at(-1)
    if (last) stroke?.end(last)
  }
  return { done, drag, tool, draft: () => draft }
}

it('a dragged rectangle changes the fog once, and only on the map', () => {
  const { drag, done, draft } = drawing('rectangle')
  drag({ x: 100, y: 100 }, { x: 200, y: 150 }, { x: 900, y: -20 })
  expect(done).toEqual([{ kind: 'rectangle', from: { x: 100, y: 100 }, to: { x: 400, y: 0 } }])
  expect(draft()).toBeNull()
})

it('a press without a movement draws no rectangle', () => {
  const { drag, done } = drawing('rectangle')
  drag({ x: 100, y: 100 })
  expect(done).toEqual([])
})

it('a brush keeps the places that it passes', () => {
  const { drag, done } = drawing('brush')
  drag({ x: 10, y: 10 }, { x: 11, y: 10 }, { x: 60, y: 10 })
  expect(done).toEqual([
    {
      kind: 'brush',
      radius: 40,
      points: [
        { x: 10, y: 10 },
        { x: 60, y: 10 },
      ],
    },
  ])
})

it('corners make a polygon, which closes at its first corner', () => {
  const { drag, done, draft } = drawing('polygon')
  for (const corner of [
    { x: 10, y: 10 },
    { x: 200, y: 10 },
    { x: 200, y: 200 },
  ])
    drag(corner)
  expect(draft()).toMatchObject({ kind: 'polygon' })
  drag({ x: 15, y: 12 })
  expect(done).toHaveLength(1)
  expect(done[0]).toMatchObject({ kind: 'polygon', points: { length: 3 } })
})

it('a stroke that is cancelled changes nothing', () => {
  const { tool, done, draft } = drawing('brush')
  const stroke = tool().begin({ x: 10, y: 10 }, press)
  stroke?.move({ x: 60, y: 10 })
  stroke?.cancel()
  expect([done, draft()]).toEqual([[], null])
})

it('an area is as long as a whole number of cells, and its outline is where it holds places', () => {
  const from = { x: 100, y: 100 }
  expect(areaBetween(grid, 'circle', from, { x: 212, y: 100 })).toEqual({ kind: 'circle', centre: from, radius: 100 })
  for (const kind of ['cone', 'line', 'square'] as const) {
    const area = areaBetween(grid, kind, from, { x: 180, y: 160 })
    if (area.kind === 'circle') throw new Error('another area was asked for')
    const outline = outlineOf(area)
    const middle = {
      x: outline.reduce((sum, { x }) => sum + x, 0) / outline.length,
      y: outline.reduce((sum, { y }) => sum + y, 0) / outline.length,
    }
    for (const corner of outline) {
      const inside = { x: corner.x + (middle.x - corner.x) * 0.02, y: corner.y + (middle.y - corner.y) * 0.02 }
      const outside = { x: corner.x - (middle.x - corner.x) * 0.02, y: corner.y - (middle.y - corner.y) * 0.02 }
      expect([kind, corner, holds(area, inside)]).toEqual([kind, corner, true])
      expect([kind, corner, holds(area, outside)]).toEqual([kind, corner, false])
    }
  }
})
