import type { FullCandle } from '@tablecast/contracts'
import type { Chance } from './chance.ts'
import type { SampleSector } from './sample-market.ts'

/** The hours in which a price comes half of the way back to its base, when nothing else happens. */
const HALF_LIFE_HOURS = 2
const PULL = Math.LN2 / HALF_LIFE_HOURS
const HOUR_MS = 3_600_000
/** As a part of the value: beyond it nothing goes, so that no run of chances ends in nothing or in everything. */
const MAX_DISTANCE = 0.6

/** A value that wanders and is pulled back to its base: an Ornstein–Uhlenbeck process of its logarithm. */
export class Price {
  readonly sector: SampleSector
  readonly #chance: Chance
  #distance: number
  #at: number

  /** `at`, in milliseconds since 1970, is the time of `value`. */
  constructor(sector: SampleSector, chance: Chance, at: number, value: number = sector.base) {
    this.sector = sector
    this.#chance = chance
    this.#at = at
    this.#distance = Math.log(Math.max(value, 0.01) / sector.base)
  }

  get value(): number {
    return rounded(this.sector.base * Math.exp(this.#distance))
  }

  moveTo(at: number): number {
    const hours = Math.max(0, at - this.#at) / HOUR_MS
    this.#at = at
    const kept = Math.exp(-PULL * hours)
    const deviation = this.sector.volatility * Math.sqrt((1 - kept * kept) / (2 * PULL))
    this.#set(this.#distance * kept + deviation * this.#chance.normal())
    return this.value
  }

  /** Something happened: `part` is how much of its value it gains, or loses when negative. */
  shock(part: number): number {
    this.#set(this.#distance + Math.log1p(part))
    return this.value
  }

  #set(distance: number): void {
    this.#distance = Math.min(MAX_DISTANCE, Math.max(-MAX_DISTANCE, distance))
  }
}

/** The candle that begins at `timestamp`, with that value alone. */
export const candleFrom = (timestamp: string, value: number): FullCandle => ({
  timestamp,
  value,
  open: value,
  high: value,
  low: value,
  close: value,
})

/** The same candle after the value moved on. */
export const candleWith = (candle: FullCandle, value: number): FullCandle => ({
  ...candle,
  value,
  close: value,
  high: Math.max(candle.high, value),
  low: Math.min(candle.low, value),
})

export const rounded = (value: number): number => Math.round(value * 100) / 100
