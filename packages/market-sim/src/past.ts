import type { FullCandle } from '@tablecast/contracts'
import { Chance } from './chance.ts'
import { candleFrom, candleWith, Price } from './price.ts'
import type { SampleSector } from './sample-market.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const HOURS = 14 * 24
const MINUTES = 12 * 60
const STEPS = 6

/** Candles of a sector up to `until` (milliseconds since 1970): hourly for two weeks, then by the minute for half a day. */
export function pastOf(sector: SampleSector, until: number, seed: number): FullCandle[] {
  const chance = new Chance(seed)
  const fine = Math.floor((until - MINUTES * MINUTE_MS) / HOUR_MS) * HOUR_MS
  const begin = fine - HOURS * HOUR_MS
  const price = new Price(sector, chance, begin)
  const candles: FullCandle[] = []
  let at = begin
  while (at < until) {
    const length = at < fine ? HOUR_MS : MINUTE_MS
    let candle = candleFrom(new Date(at).toISOString(), price.value)
    for (let step = 1; step <= STEPS; step++) candle = candleWith(candle, price.moveTo(at + (length * step) / STEPS))
    candles.push(candle)
    at += length
  }
  return candles
}
