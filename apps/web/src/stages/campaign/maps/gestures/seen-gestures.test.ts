import type { MapGesture, MapGestureEvent } from '@tablecast/contracts'
import { expect, it } from 'vitest'
import { TRAIL_MS, withGesture, withoutOld } from './seen-gestures.ts'

const event = (id: string, gesture: MapGesture): MapGestureEvent => ({
  type: 'gesture',
  mapId: 'm',
  by: { id, name: id, isDm: false },
  gesture,
})
const at = { x: 1, y: 2 }

it('each gesture replaces the one before of the same person, until they let go', () => {
  let people = withGesture(new Map(), event('robin', { kind: 'pointer', at }), 0)
  people = withGesture(people, event('dee', { kind: 'pointer', at }), 10)
  people = withGesture(people, event('robin', { kind: 'ruler', points: [at, at] }), 20)
  expect([...people.values()].map(({ gesture }) => gesture.kind)).toEqual(['ruler', 'pointer'])
  people = withGesture(people, event('robin', { kind: 'end' }), 30)
  expect([...people.keys()]).toEqual(['dee'])
})

it('a ping stays in sight although its person lets go', () => {
  const people = withGesture(new Map(), event('robin', { kind: 'ping', at }), 0)
  expect(withGesture(people, event('robin', { kind: 'end' }), 10).size).toBe(1)
})

it('gestures without news fade, a ping first', () => {
  let people = withGesture(new Map(), event('robin', { kind: 'ping', at }), 0)
  people = withGesture(people, event('dee', { kind: 'pointer', at }), 0)
  expect(withoutOld(people, 2_000)).toBe(people)
  expect([...withoutOld(people, 4_000).keys()]).toEqual(['dee'])
  expect(withoutOld(people, 7_000).size).toBe(0)
})

it('a pointer draws a short trail after itself, which nothing else does', () => {
  const move = (people: Parameters<typeof withGesture>[0], x: number, now: number) =>
    withGesture(people, event('robin', { kind: 'pointer', at: { x, y: 0 } }), now)
  let people = new Map() as Parameters<typeof withGesture>[0]
  for (const step of [1, 2, 3]) people = move(people, step, step * 100)
  const trailOf = () => people.get('robin')?.trail.map(({ place }) => place.x)
  expect(trailOf()).toEqual([1, 2])
  people = move(people, 4, 300 + TRAIL_MS)
  expect(trailOf()).toEqual([])
  for (let step = 5; step < 105; step++) people = move(people, step, 300 + TRAIL_MS + step)
  expect(trailOf()?.length).toBeLessThan(30)
  people = withGesture(people, event('robin', { kind: 'ping', at }), 2_000)
  expect(trailOf()).toEqual([])
})
