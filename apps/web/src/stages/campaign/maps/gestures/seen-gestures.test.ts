import type { MapGesture, MapGestureEvent } from '@tablecast/contracts'
import { expect, it } from 'vitest'
import { withGesture, withoutOld } from './seen-gestures.ts'

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
