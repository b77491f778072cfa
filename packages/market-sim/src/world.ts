// The market by itself: values that wander, candles that form, agents that work and talk. Pure: the clock and the chances come from
// outside, one message at a time.
import type { FullCandle } from '@tablecast/contracts'
import { Chance } from './chance.ts'
import { candleFrom, candleWith, Price, rounded } from './price.ts'
import type { MarketPublishers } from './publish.ts'
import type { SampleAgent, sampleMarket } from './sample-market.ts'
import { sentence, shockNews } from './talk.ts'

const MINUTE_MS = 60_000
const CANDLE_EVERY_MS = 2_000
const INDEX_EVERY_MS = 1_000
const TALK_EVERY_MS = 7_000
const THINK_MS = 2_500
const REST_MS = 9_000
const SHOCK_EVERY_MS = 45_000
/** At a rate of next to nothing, what agents do waits; more than that is not begun. */
const MAX_DUE = 24
const LOOK_BACK_MS = 5 * MINUTE_MS
const INDEX_BASE = 1_000
/** The hours of the market pass faster than ours, so that one sees it move. */
const PACE = 8

export type WorldOptions = {
  market: typeof sampleMarket
  seed: number
  /** In milliseconds since 1970. */
  startAt: number
  /** Where the sectors stand; without one, at their base. */
  values?: ReadonlyMap<string, number>
}

type Publish = (publishers: MarketPublishers) => void
type Due = { at: number; make(): Publish }

class SectorLife {
  readonly price: Price
  candle: FullCandle
  toldAt = -Infinity
  /** Values of the last minutes, oldest first. */
  readonly past: { at: number; value: number }[] = []

  constructor(price: Price, startAt: number) {
    this.price = price
    this.candle = candleFrom(minuteOf(startAt), price.value)
  }

  /** As a part: since a few minutes ago. */
  get change(): number {
    const [oldest] = this.past
    return oldest ? this.price.value / oldest.value - 1 : 0
  }

  record(at: number): void {
    const { value } = this.price
    const minute = minuteOf(at)
    this.candle = candleWith(
      minute === this.candle.timestamp ? this.candle : candleFrom(minute, this.candle.close),
      value,
    )
    this.past.push({ at, value })
    while ((this.past[0]?.at ?? at) < at - LOOK_BACK_MS) this.past.shift()
  }
}

export class MarketWorld {
  readonly #options: WorldOptions
  readonly #chance: Chance
  readonly #sectors: readonly SectorLife[]
  readonly #due: Due[] = []
  #turn = 0
  #indexAt = -Infinity
  #talkAt: number
  #shockAt: number
  #messages = 0

  constructor(options: WorldOptions) {
    const { market, seed, startAt, values } = options
    this.#options = options
    this.#chance = new Chance(seed)
    this.#sectors = market.sectors.map(
      (sector) => new SectorLife(new Price(sector, this.#chance, startAt, values?.get(sector.id)), startAt),
    )
    this.#talkAt = startAt + TALK_EVERY_MS / 2
    this.#shockAt = startAt + SHOCK_EVERY_MS
  }

  /** The next message at that time, in milliseconds since 1970. */
  next(now: number): Publish {
    this.#plan(now)
    const due = this.#due.findIndex(({ at }) => at <= now)
    if (due >= 0) return this.#due.splice(due, 1)[0]?.make() ?? (() => {})
    if (now - this.#indexAt >= INDEX_EVERY_MS) {
      this.#indexAt = now
      const indexValue = this.#index()
      return (to) => to.publishMarketUpdate({ indexValue, timestamp: stamp(now) })
    }
    const life = this.#sectors[this.#turn++ % this.#sectors.length]
    if (!life) return () => {}
    const { sector } = life.price
    life.price.moveTo(this.#marketTime(now))
    life.record(now)
    if (now - life.toldAt >= CANDLE_EVERY_MS) {
      life.toldAt = now
      const { candle } = life
      return (to) => to.publishSectorCandle({ sectorId: sector.id, candle })
    }
    const { value } = life.price
    return (to) => to.publishMarketUpdate({ sectorId: sector.id, value, timestamp: stamp(now) })
  }

  #marketTime(now: number): number {
    return this.#options.startAt + (now - this.#options.startAt) * PACE
  }

  #index(): number {
    const parts = this.#sectors.map(({ price }) => price.value / price.sector.base)
    return rounded((INDEX_BASE * parts.reduce((sum, part) => sum + part, 0)) / Math.max(1, parts.length))
  }

  #plan(now: number): void {
    if (this.#due.length > MAX_DUE) return
    if (now >= this.#talkAt) {
      this.#talkAt = now + TALK_EVERY_MS * (0.5 + this.#chance.next())
      this.#planTalk(now)
    }
    if (now >= this.#shockAt) {
      this.#shockAt = now + SHOCK_EVERY_MS * (0.5 + this.#chance.next())
      this.#planShock(now)
    }
  }

  /** An agent looks at its sector, says what it thinks, and rests. */
  #planTalk(now: number): void {
    const { agents } = this.#options.market
    if (agents.length === 0) return
    const agent = this.#chance.pick(agents)
    const status = (at: number, name: string) =>
      this.#due.push({
        at,
        make: () => (to) => to.publishAgentStatus({ agentId: agent.id, sectorId: agent.sectorId, status: name }),
      })
    status(now, 'processing')
    this.#due.push({ at: now + THINK_MS, make: () => this.#say(agent, now + THINK_MS) })
    status(now + THINK_MS, 'active')
    status(now + THINK_MS + REST_MS, 'idle')
  }

  #planShock(now: number): void {
    if (this.#sectors.length === 0) return
    const life = this.#chance.pick(this.#sectors)
    const part = (this.#chance.next() < 0.5 ? -1 : 1) * (0.02 + 0.05 * this.#chance.next())
    const { sector } = life.price
    this.#due.push({
      at: now,
      make: () => {
        const value = life.price.shock(part)
        life.record(now)
        return (to) => to.publishMarketUpdate({ sectorId: sector.id, value, timestamp: stamp(now) })
      },
    })
    const witness = this.#options.market.agents.find(({ sectorId }) => sectorId === sector.id)
    if (!witness) return
    this.#due.push({
      at: now,
      make: () => this.#message(witness, shockNews(sector.name, part, this.#chance), now),
    })
  }

  #say(agent: SampleAgent, at: number): Publish {
    const life = this.#sectors.find(({ price }) => price.sector.id === agent.sectorId)
    if (!life) return () => {}
    const { sector, value } = life.price
    const situation = { sector: sector.name, value, change: life.change, distance: value / sector.base - 1 }
    return this.#message(agent, sentence(agent.style, situation, this.#chance), at)
  }

  #message(agent: SampleAgent, content: string, at: number): Publish {
    const { discussions } = this.#options.market
    const fitting = discussions.filter(({ sectorId }) => sectorId === null || sectorId === agent.sectorId)
    if (fitting.length === 0) return () => {}
    const { id: discussionId } = this.#chance.pick(fitting)
    const message = {
      id: `sim-${this.#options.startAt.toString(36)}-${++this.#messages}`,
      content,
      authorId: agent.id,
      authorName: agent.name,
      timestamp: stamp(at),
      type: 'text',
    }
    return (to) => to.publishDiscussionMessage({ discussionId, message })
  }
}

const stamp = (at: number) => new Date(at).toISOString()
const minuteOf = (at: number) => stamp(Math.floor(at / MINUTE_MS) * MINUTE_MS)
