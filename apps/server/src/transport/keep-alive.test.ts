import { afterEach, describe, expect, it, vi } from 'vitest'
import { KeepAlive } from './keep-alive.ts'

const PERIOD = 60_000

function peer() {
  const seen = { asked: 0, dropped: 0, hasSent: false, isDoubted: false }
  return {
    seen,
    hasSent() {
      const { hasSent } = seen
      seen.hasSent = false
      return hasSent
    },
    doubt: (isSilent: boolean) => void (seen.isDoubted = isSilent),
    ask: () => void (seen.asked += 1),
    drop: () => void (seen.dropped += 1),
  }
}

describe('The keep-alive', () => {
  afterEach(() => void vi.useRealTimers())

  it('asks a peer that was silent for a period, and drops it when it stays silent', () => {
    vi.useFakeTimers()
    using keepAlive = new KeepAlive({ periodMs: PERIOD })
    const [talking, answering, dead] = [peer(), peer(), peer()]
    for (const one of [talking, answering, dead]) keepAlive.add(one)
    for (let period = 1; period <= 4; period++) {
      talking.seen.hasSent = true
      vi.advanceTimersByTime(PERIOD)
      if (answering.seen.asked > 0) answering.seen.hasSent = period % 2 === 1
    }
    expect(talking.seen).toMatchObject({ asked: 0, dropped: 0 })
    expect(answering.seen).toMatchObject({ dropped: 0 })
    expect(answering.seen.asked).toBeGreaterThan(1)
    expect(dead.seen.asked).toBe(1)
    expect(dead.seen.dropped).toBeGreaterThan(0)
  })

  it('doubts a peer that does not answer in time until it sends again, and drops it only much later', () => {
    vi.useFakeTimers()
    using keepAlive = new KeepAlive({ periodMs: PERIOD, doubtAfter: 2, dropAfter: 12 })
    const one = peer()
    keepAlive.add(one)
    const step = PERIOD / 60
    /** Advances the clock until `holds` returns true. Returns the milliseconds that this took. */
    const until = (holds: () => boolean): number => {
      let ms = 0
      for (; !holds(); ms += step) vi.advanceTimersByTime(step)
      return ms
    }
    // The peer sends its last data at each possible moment between two checks.
    for (let moment = 0; moment < 60; moment++) {
      vi.advanceTimersByTime(PERIOD + step)
      one.seen.hasSent = true
      const { asked } = one.seen
      const askedAfter = until(() => one.seen.asked > asked)
      const doubtedAfter = askedAfter + until(() => one.seen.isDoubted)
      expect(doubtedAfter - askedAfter).toBe(2 * PERIOD)
      expect(doubtedAfter).toBeLessThanOrEqual(4 * PERIOD)
      one.seen.hasSent = true
      expect(until(() => !one.seen.isDoubted)).toBeLessThanOrEqual(PERIOD)
    }
    expect(one.seen.dropped).toBe(0)
    const droppedAfter = until(() => one.seen.dropped > 0)
    expect(droppedAfter).toBeGreaterThan(12 * PERIOD)
    expect(droppedAfter).toBeLessThanOrEqual(14 * PERIOD)
  })

  it('spreads its questions over the period, and never asks a peer that was removed', () => {
    vi.useFakeTimers()
    using keepAlive = new KeepAlive({ periodMs: PERIOD })
    const peers = Array.from({ length: 600 }, () => peer())
    const removals = peers.map((one) => keepAlive.add(one))
    const asked = () => peers.reduce((sum, { seen }) => sum + seen.asked, 0)
    let most = 0
    for (let step = 0; step < 60; step++) {
      const before = asked()
      vi.advanceTimersByTime(PERIOD / 60)
      most = Math.max(most, asked() - before)
    }
    expect(asked()).toBe(600)
    expect(most).toBe(10)
    for (const remove of removals) remove()
    vi.advanceTimersByTime(PERIOD * 3)
    expect(asked()).toBe(600)
    expect(peers.some(({ seen }) => seen.dropped > 0)).toBe(false)
  })
})
