import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Grid } from '@tablecast/maps/grid'
import { wayByKey, wayTo, withoutCorner } from './way.ts'

const grid: Grid = { kind: 'square', size: 64, offset: { x: 10, y: 4 }, scale: 5, unit: 'ft' }
const free: Grid = { ...grid, kind: 'none' }
const start = { x: 42, y: 36 }

it('a way grows by the middle of each cell that the token passes', () => {
  const first = wayTo(grid, [start], { x: 100, y: 40 }, 1)
  expect(first).toEqual([start, { x: 106, y: 36 }])
  expect(wayTo(grid, first, { x: 110, y: 90 }, 1)).toEqual([start, { x: 106, y: 36 }, { x: 106, y: 100 }])
})

it('a way forgets a loop, and is empty again where it began', () => {
  const there = wayTo(grid, wayTo(grid, [start], { x: 106, y: 36 }, 1), { x: 106, y: 100 }, 1)
  const back = wayTo(grid, there, { x: 106, y: 36 }, 1)
  expect(back).toEqual([start, { x: 106, y: 36 }])
  expect(wayTo(grid, back, start, 1)).toEqual([start])
})

it('a pointer that moves diagonally leaves no corners in the way', () => {
  const places = [
    { x: 106, y: 36 },
    { x: 106, y: 100 },
    { x: 170, y: 100 },
    { x: 170, y: 164 },
  ]
  const way = places.reduce<readonly { x: number; y: number }[]>(
    (before, place) => withoutCorner(grid, wayTo(grid, before, place, 1)),
    [start],
  )
  expect(way).toEqual([start, { x: 106, y: 100 }, { x: 170, y: 164 }])
})

it('a way without cells is a straight line', () => {
  const way = wayTo(free, [start, { x: 60, y: 60 }], { x: 71.4, y: 80 }, 1)
  expect(way).toEqual([start, { x: 71.4, y: 80 }])
})

it('an arrow key moves a token by one cell, and other keys do not move it', () => {
  expect(wayByKey(grid, [start], 'ArrowDown', 1)).toEqual([start, { x: 42, y: 100 }])
  expect(wayByKey(grid, [start], 'ArrowLeft', 1)).toEqual([start, { x: -22, y: 36 }])
  expect(wayByKey(free, [start], 'ArrowRight', 1)).toEqual([start, { x: 106, y: 36 }])
  expect(wayByKey(grid, [start], 'a', 1)).toBeNull()
})

it('a way is never longer than the server takes, and passes no place twice', () => {
  const keys = fc.array(fc.constantFrom('ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight'), { maxLength: 400 })
  fc.assert(
    fc.property(keys, fc.constantFrom(0.5, 1, 2, 3), (pressed, size) => {
      let way: readonly { x: number; y: number }[] = [start]
      for (const key of pressed) way = wayByKey(grid, way, key, size) ?? way
      // The place where the token stands is not sent.
      expect(way.length - 1).toBeLessThanOrEqual(100)
      expect(new Set(way.map(({ x, y }) => `${x} ${y}`)).size).toBe(way.length)
    }),
  )
})
