import { type MarketChannel, marketChannels } from '@tablecast/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pastOf } from './past.ts'
import { createPublishers, UnfitMarketMessage } from './publish.ts'
import { sampleMarket } from './sample-market.ts'
import { MarketWorld } from './world.ts'

const startAt = Date.parse('2026-01-01T10:00:30.000Z')

/** `count` messages, `stepMs` apart. */
function played(seed: number, count: number, stepMs: number) {
  const sent: { channel: MarketChannel; payload: Record<string, unknown>; at: number }[] = []
  let at = startAt
  const publishers = createPublishers((channel, text) =>
    sent.push({ channel, payload: JSON.parse(text) as Record<string, unknown>, at }),
  )
  const world = new MarketWorld({ market: sampleMarket, seed, startAt })
  for (let n = 0; n < count; n++, at += stepMs) world.next(at)(publishers)
  return sent
}

describe('the simulated market', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(played(7, 500, 50)).toEqual(played(7, 500, 50))
    expect(played(7, 500, 50)).not.toEqual(played(8, 500, 50))
  })

  it('says one thing a step, all of it fit for its channel, at any rate', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(2, 20, 83, 1_000), (seed, stepMs) => {
        const sent = played(seed, 400, stepMs)
        expect(sent.length).toBe(400)
        for (const { channel, payload } of sent) marketChannels[channel].schema.parse(payload)
      }),
      { numRuns: 20 },
    )
  })

  it('uses every channel, and lets agents think before they talk', () => {
    const sent = played(1, 2_000, 80)
    expect(new Set(sent.map(({ channel }) => channel))).toEqual(new Set(Object.keys(marketChannels)))
    const talks = sent.filter(({ channel }) => channel === 'discussion_messages')
    expect(talks.length).toBeGreaterThan(10)
    const ids = talks.map(({ payload }) => (payload['message'] as { id: string }).id)
    expect(new Set(ids).size).toBe(ids.length)
    const statuses = sent.filter(({ channel }) => channel === 'agent_status').map(({ payload }) => payload['status'])
    expect(new Set(statuses)).toEqual(new Set(['processing', 'active', 'idle']))
  })

  it('forms candles that hold every value told in their minute', () => {
    const sent = played(3, 6_000, 40)
    const last = new Map<string, { timestamp: string; open: number; high: number; low: number; close: number }>()
    for (const { channel, payload } of sent) {
      if (channel !== 'sector_candles') continue
      const candle = payload['candle'] as { timestamp: string; open: number; high: number; low: number; close: number }
      expect(candle.low).toBeLessThanOrEqual(Math.min(candle.open, candle.close))
      expect(candle.high).toBeGreaterThanOrEqual(Math.max(candle.open, candle.close))
      const before = last.get(payload['sectorId'] as string)
      if (before?.timestamp === candle.timestamp) {
        expect(candle.open).toBe(before.open)
        expect(candle.high).toBeGreaterThanOrEqual(before.high)
        expect(candle.low).toBeLessThanOrEqual(before.low)
      }
      last.set(payload['sectorId'] as string, candle)
    }
    expect(last.size).toBe(sampleMarket.sectors.length)
  })

  it('wanders, is shaken, and comes back: no value runs away in days', () => {
    const sent = played(11, 40_000, 1_000)
    const base = new Map(sampleMarket.sectors.map((sector) => [sector.id, sector.base]))
    const ratios = sent
      .filter(({ channel, payload }) => channel === 'market_updates' && payload['sectorId'])
      .map(({ payload }) => (payload['value'] as number) / (base.get(payload['sectorId'] as string) ?? 1))
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length
    expect(Math.abs(mean - 1)).toBeLessThan(0.1)
    expect(Math.max(...ratios)).toBeLessThan(1.9)
    expect(Math.min(...ratios)).toBeGreaterThan(0.5)
    expect(Math.max(...ratios) - Math.min(...ratios)).toBeGreaterThan(0.05)
  })

  it('has a past: candles in order, hourly and then by the minute, up to now', () => {
    const [sector] = sampleMarket.sectors
    if (!sector) throw new Error('no sector')
    const past = pastOf(sector, startAt, 5)
    const times = past.map(({ timestamp }) => Date.parse(timestamp))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(new Set(times).size).toBe(times.length)
    expect(startAt - (times.at(-1) ?? 0)).toBeLessThanOrEqual(60_000)
    for (const [index, candle] of past.entries()) {
      expect(candle.low).toBeLessThanOrEqual(candle.high)
      if (index > 0) expect(candle.open).toBe(past[index - 1]?.close)
    }
  })
})

describe('the publish helpers', () => {
  it('refuse what does not fit its channel, and send nothing', () => {
    const sent: string[] = []
    const publishers = createPublishers((channel) => sent.push(channel))
    const wrong = [
      () => publishers.publishMarketUpdate({ sectorId: 'tech-001' }),
      () => publishers.publishMarketUpdate({ value: 1 }),
      () => publishers.publishMarketUpdate({ sectorId: 'a b', value: 1 }),
      () => publishers.publishMarketUpdate({ indexValue: Number.NaN }),
      () => publishers.publishSectorCandle({ sectorId: 's', candle: { timestamp: 'yesterday', value: 1 } }),
      () => publishers.publishAgentStatus({ agentId: 'a', status: '' }),
    ]
    for (const call of wrong) expect(call).toThrow(UnfitMarketMessage)
    expect(sent).toEqual([])
  })

  it('send the documented payloads as they are, and add the time of an update', () => {
    const sent: [string, unknown][] = []
    const publishers = createPublishers(
      (channel, text) => sent.push([channel, JSON.parse(text)]),
      () => '2026-01-01T00:00:00.000Z',
    )
    const candle = {
      timestamp: '2025-01-15T10:30:00.000Z',
      value: 1250.5,
      open: 1245,
      high: 1255,
      low: 1240,
      close: 1250.5,
    }
    const message = { id: 'msg-456', content: 'Hello!', authorId: 'agent-789', timestamp: '2025-01-15T10:30:00.000Z' }
    publishers.publishMarketUpdate({ sectorId: 'tech-001', indexValue: 1250.5 })
    publishers.publishSectorCandle({ sectorId: 'tech-001', candle })
    publishers.publishDiscussionMessage({ discussionId: 'disc-123', message })
    publishers.publishAgentStatus({ agentId: 'agent-789', sectorId: 'tech-001', status: 'active' })
    expect(sent).toEqual([
      ['market_updates', { sectorId: 'tech-001', indexValue: 1250.5, timestamp: '2026-01-01T00:00:00.000Z' }],
      ['sector_candles', { sectorId: 'tech-001', candle }],
      ['discussion_messages', { discussionId: 'disc-123', message }],
      ['agent_status', { agentId: 'agent-789', sectorId: 'tech-001', status: 'active' }],
    ])
  })
})
