import { type Fog, FOG_BLOCK, isRevealed, roomAround } from '@tablecast/maps/fog'
import { readUniversalVtt } from '@tablecast/maps/import'
import { barriersOf, seenBy } from '@tablecast/maps/sight'
import { describe, expect, it } from 'vitest'
import { chapelMap } from './chapel-map.ts'
import { CELL } from './chapel-plan.ts'
import { chapelVtt } from './chapel-vtt.ts'

const file = readUniversalVtt(chapelVtt('AAAA'))
const barriers = barriersOf({ ...file, farthest: 0 })

const places = {
  causeway: [2.5, 10],
  nave: [7.5, 10.5],
  font: [9.5, 8.5],
  altar: [19.5, 10.5],
  tower: [6.5, 3.5],
  sacristy: [18.5, 15.5],
  north: [12, 3],
  south: [12, 16.5],
  east: [23.3, 10],
} as const

const placesIn = (fog: Fog): string[] =>
  Object.entries(places).flatMap(([name, [x, y]]) =>
    isRevealed(fog, Math.floor((x * CELL) / FOG_BLOCK), Math.floor((y * CELL) / FOG_BLOCK)) ? [name] : [],
  )
const pixels = ([x, y]: readonly [number, number]) => ({ x: x * CELL, y: y * CELL })

describe('the map of the drowned chapel', () => {
  it('is drawn the same every time, with shapes alone', () => {
    const drawing = chapelMap()
    expect(chapelMap()).toBe(drawing)
    expect(drawing).not.toMatch(/NaN|undefined|Infinity|<image|<text|<filter|href|url\((?!#)/)
  })

  it('has all of its walls, doors and lights on the picture', () => {
    expect(file.warnings).toEqual([])
    expect(file.size).toEqual({ width: 1_920, height: 1_440 })
    expect([file.doors.length, file.lights.length]).toEqual([3, 3])
  })

  it.each([
    ['nave', ['nave', 'font', 'altar']],
    ['tower', ['tower']],
    ['sacristy', ['sacristy']],
    ['causeway', ['causeway', 'north', 'south', 'east']],
  ] as const)('has walls without a gap around this room: %s', (from, found) => {
    expect(placesIn(roomAround(pixels(places[from]), barriers, file.size))).toEqual(found)
  })

  it('shows somebody inside the door what torches and font light, and neither the chancel nor the next room', () => {
    const viewer = { at: pixels(places.nave), darkvision: 0 }
    const seen = seenBy([viewer], { ...file, isDaylight: false, farthest: 12 * CELL })
    expect(placesIn(seen)).toEqual(['nave', 'font'])
    const open = { ...file, doors: file.doors.map((door) => ({ ...door, isOpen: true })) }
    const above = { at: pixels([6.5, 7.5]), darkvision: 12 * CELL }
    expect(placesIn(seenBy([above], { ...open, isDaylight: false, farthest: 12 * CELL }))).toContain('tower')
  })
})
