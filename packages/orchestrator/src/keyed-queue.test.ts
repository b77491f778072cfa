import { describe, expect, it, vi } from 'vitest'
import { KeyedQueue } from './keyed-queue.ts'

const codeOf = (error: unknown) => (error as { code?: string }).code

describe('a queue of calls with the same key', () => {
  it('runs them one after the other, in the order in which they came, also after one that failed', async () => {
    const queue = new KeyedQueue()
    const ran: number[] = []
    const calls = Array.from({ length: 20 }, (_, n) =>
      queue.run('room', async () => {
        await Promise.resolve()
        ran.push(n)
        if (n % 3 === 0) throw new Error(`${n}`)
        return n
      }),
    )
    const ended = await Promise.allSettled(calls)
    expect(ran).toEqual(calls.map((_, n) => n))
    expect(ended.map(({ status }) => status === 'fulfilled')).toEqual(calls.map((_, n) => n % 3 !== 0))
  })

  it('refuses all calls behind a hanging one at their deadlines, and never begins them', async () => {
    vi.useFakeTimers()
    try {
      const queue = new KeyedQueue()
      const hanging = Promise.withResolvers<void>()
      const first = queue.run('room', () => hanging.promise)
      const begun: number[] = []
      const ended: [number, string | undefined][] = []
      const waiting = Array.from({ length: 14 }, async (_, n) => {
        const code = await queue
          .run('room', () => Promise.resolve(void begun.push(n)))
          .then(() => 'done')
          .catch(codeOf)
        ended.push([performance.now(), code])
      })
      const elsewhere = await queue.run('other', () => Promise.resolve('not touched'))
      expect(elsewhere).toBe('not touched')
      const from = performance.now()
      await vi.advanceTimersByTimeAsync(9_900)
      expect(ended).toEqual([])
      await vi.advanceTimersByTimeAsync(200)
      await Promise.all(waiting)
      expect(ended.map(([, code]) => code)).toEqual(waiting.map(() => 'UNAVAILABLE'))
      for (const [at] of ended) expect(at - from).toBeLessThanOrEqual(10_100)
      hanging.resolve()
      await first
      expect(await queue.run('room', () => Promise.resolve('goes on'))).toBe('goes on')
      expect(begun).toEqual([])
    } finally {
      vi.useRealTimers()
    }
  })

  it('gives a call whose turn comes late the rest of its time', async () => {
    vi.useFakeTimers()
    try {
      const queue = new KeyedQueue()
      const from = performance.now()
      const slow = queue.run('room', () => new Promise((resolve) => setTimeout(resolve, 6_000)))
      const behind = queue.run('room', (deadline) => Promise.resolve(deadline))
      await vi.advanceTimersByTimeAsync(6_000)
      await slow
      expect(Math.round((await behind) - from)).toBe(10_000)
      // One that has waited elsewhere brings its own.
      expect(await queue.run('room', (deadline) => Promise.resolve(deadline), from + 7_000)).toBe(from + 7_000)
    } finally {
      vi.useRealTimers()
    }
  })
})
