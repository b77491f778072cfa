import { afterEach, describe, expect, it, vi } from 'vitest'
import { KeepAlive } from './keep-alive.ts'

const PERIOD = 60_000

function peer() {
  const seen = { asked: 0, dropped: 0, isHeard: false, sent: 0 }
  return {
    seen,
    wasHeard() {
      const { isHeard } = seen
      seen.isHeard = false
      return isHeard
    },
    sent: () => seen.sent,
    ask: () => void (seen.asked += 1),
    drop: () => void (seen.dropped += 1),
  }
}

describe('the keep-alive', () => {
  afterEach(() => void vi.useRealTimers())

  it('asks who was silent for a period, and drops who stays silent', () => {
    vi.useFakeTimers()
    using keepAlive = new KeepAlive({ periodMs: PERIOD })
    const [talking, answering, dead] = [peer(), peer(), peer()]
    for (const one of [talking, answering, dead]) keepAlive.add(one)
    for (let period = 1; period <= 4; period++) {
      talking.seen.isHeard = true
      vi.advanceTimersByTime(PERIOD)
      if (answering.seen.asked > 0) answering.seen.isHeard = period % 2 === 1
    }
    expect(talking.seen).toMatchObject({ asked: 0, dropped: 0 })
    expect(answering.seen).toMatchObject({ dropped: 0 })
    expect(answering.seen.asked).toBeGreaterThan(1)
    expect(dead.seen.asked).toBe(1)
    expect(dead.seen.dropped).toBeGreaterThan(0)
  })

  it('gives an answer as much time as it is told to, and drops within a period after that', () => {
    vi.useFakeTimers()
    for (const patience of [1, 2, 3]) {
      using keepAlive = new KeepAlive({ periodMs: PERIOD, patience })
      const one = peer()
      keepAlive.add(one)
      // Its last word comes at any moment between two looks.
      for (let step = 0; step < 60; step++) {
        one.seen.isHeard = true
        vi.advanceTimersByTime(PERIOD + PERIOD / 60)
      }
      const askedBefore = one.seen.asked
      one.seen.isHeard = true
      let silentMs = 0
      let askedAtMs = 0
      while (one.seen.dropped === 0) {
        vi.advanceTimersByTime(PERIOD / 60)
        silentMs += PERIOD / 60
        if (one.seen.asked > askedBefore && askedAtMs === 0) askedAtMs = silentMs
      }
      expect(silentMs - askedAtMs).toBe(patience * PERIOD)
      expect(silentMs).toBeLessThanOrEqual((patience + 2) * PERIOD)
    }
  })

  it('waits for who still has much to read before the question, and not for ever', () => {
    vi.useFakeTimers()
    const silentFor = (bytes: number) => {
      using keepAlive = new KeepAlive({ periodMs: 2_000, patience: 2 })
      const one = peer()
      keepAlive.add(one)
      one.seen.isHeard = true
      vi.advanceTimersByTime(2_000)
      one.seen.sent += bytes
      let ms = 0
      for (; one.seen.dropped === 0; ms += 100) vi.advanceTimersByTime(100)
      return ms
    }
    expect(silentFor(2_000)).toBeLessThanOrEqual(8_000)
    // 256 kB over 16 kB/s.
    expect(silentFor(256_000)).toBeGreaterThan(16_000)
    expect(silentFor(1e9)).toBeLessThanOrEqual(36_000)
  })

  it('never asks many in one go, and forgets who left', () => {
    vi.useFakeTimers()
    using keepAlive = new KeepAlive({ periodMs: PERIOD })
    const peers = Array.from({ length: 600 }, () => peer())
    const leave = peers.map((one) => keepAlive.add(one))
    const asked = () => peers.reduce((sum, { seen }) => sum + seen.asked, 0)
    let most = 0
    for (let step = 0; step < 60; step++) {
      const before = asked()
      vi.advanceTimersByTime(PERIOD / 60)
      most = Math.max(most, asked() - before)
    }
    expect(asked()).toBe(600)
    expect(most).toBe(10)
    for (const out of leave) out()
    vi.advanceTimersByTime(PERIOD * 3)
    expect(asked()).toBe(600)
    expect(peers.some(({ seen }) => seen.dropped > 0)).toBe(false)
  })
})
