import type { Position } from '@tablecast/contracts'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Absence } from './absence.ts'
import type { RoomState } from './room-state.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function away() {
  const at = (seq: number, epoch = 'a') => ({ position: { epoch, seq } satisfies Position }) as RoomState
  let room = at(5)
  const over: number[] = []
  const absence = new Absence({ room: () => room, isOver: ({ position }) => over.push(position.seq) })
  /** The link is lost for this time. */
  const lose = (ms: number) => {
    absence.begin()
    vi.advanceTimersByTime(ms)
    absence.end()
  }
  return { absence, over, at, lose, receive: (now: RoomState) => void (room = now) }
}

it('an absence is over when the newest position has come, however long that takes within five seconds', () => {
  const { absence, over, at, lose, receive } = away()
  lose(4_000)
  absence.named({ epoch: 'a', seq: 7 })
  receive(at(6))
  vi.advanceTimersByTime(3_000)
  expect(over).toEqual([])
  receive(at(7))
  vi.advanceTimersByTime(600)
  expect(over).toEqual([5])
})

it('an absence is over after five seconds where the newest position never comes, and once', () => {
  const { over, lose } = away()
  lose(4_000)
  vi.advanceTimersByTime(4_000)
  expect(over).toEqual([])
  vi.advanceTimersByTime(60_000)
  expect(over).toEqual([5])
})

it('an absence without news is over at once, and so is one after which the server counts from the beginning', () => {
  const { absence, over, at, lose, receive } = away()
  lose(4_000)
  absence.named({ epoch: 'a', seq: 5 })
  vi.advanceTimersByTime(600)
  expect(over).toEqual([5])

  receive(at(9))
  lose(4_000)
  absence.named({ epoch: 'b', seq: 1 })
  receive(at(1, 'b'))
  vi.advanceTimersByTime(600)
  expect(over).toEqual([5, 9])
})

it('a short break needs no summary, and a link that is lost again before all has come is one absence', () => {
  const { absence, over, at, lose, receive } = away()
  lose(2_000)
  absence.named({ epoch: 'a', seq: 5 })
  vi.advanceTimersByTime(10_000)
  expect(over).toEqual([])

  lose(4_000)
  receive(at(6))
  vi.advanceTimersByTime(300)
  absence.begin()
  vi.advanceTimersByTime(10_000)
  expect(over).toEqual([])
  absence.end()
  absence.named({ epoch: 'a', seq: 6 })
  vi.advanceTimersByTime(600)
  expect(over).toEqual([5])
})
