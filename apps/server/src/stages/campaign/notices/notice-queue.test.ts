import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { realTimers } from '../presence-timers.ts'
import { NoticeQueue } from './notice-queue.ts'

describe('the queue of notices', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function open({ max = 10, runners = 2 } = {}) {
    const ran: string[] = []
    const ends: (() => void)[] = []
    const queue = new NoticeQueue<string>({
      timers: realTimers,
      delayMs: 3_000,
      max,
      runners,
      run(item) {
        ran.push(item)
        return new Promise((resolve) => ends.push(resolve))
      },
    })
    return { queue, ran, ends }
  }

  it('carries out the newest of a key alone, after the delay', async () => {
    const { queue, ran } = open()
    queue.add('room', 'first')
    await vi.advanceTimersByTimeAsync(2_900)
    queue.add('room', 'second')
    queue.add('other', 'third')
    await vi.advanceTimersByTimeAsync(2_900)
    expect(ran).toEqual([])
    await vi.advanceTimersByTimeAsync(200)
    expect([ran, queue.size]).toEqual([['second', 'third'], 0])
  })

  it('is bounded however slow its work is, and replaces what waits also when it is full', async () => {
    const { queue, ran, ends } = open({ max: 3, runners: 1 })
    for (const key of ['a', 'b', 'c']) expect(queue.add(key, key)).toBe(true)
    expect(queue.add('d', 'd')).toBe(false)
    expect(queue.add('c', 'newer c')).toBe(true)
    await vi.advanceTimersByTimeAsync(3_000)
    expect([ran, queue.size]).toEqual([['a'], 2])
    queue.add('b', 'newer b')
    for (let n = 0; n < 3; n++) {
      ends[n]?.()
      await vi.advanceTimersByTimeAsync(3_000)
    }
    expect(ran).toEqual(['a', 'newer c', 'newer b'])
  })

  it('forgets what waits when it closes, and takes nothing more', async () => {
    const { queue, ran, ends } = open({ runners: 1 })
    queue.add('a', 'a')
    queue.add('b', 'b')
    await vi.advanceTimersByTimeAsync(3_000)
    queue.add('c', 'c')
    const closed = queue.close()
    ends[0]?.()
    await closed
    await vi.advanceTimersByTimeAsync(10_000)
    expect([ran, queue.add('d', 'd'), queue.size, vi.getTimerCount()]).toEqual([['a'], false, 0, 0])
  })
})
