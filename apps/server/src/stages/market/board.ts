import { isGiven, type MarketBoard, type MarketMessage } from '@tablecast/contracts'
import type { Repositories } from '@tablecast/store'

const MAX_SECTORS = 500
const MAX_AGENTS = 1_000
const MAX_DISCUSSIONS = 500
const DAY_MS = 86_400_000

type BoardSector = MarketBoard['sectors'][number]
type BoardAgent = MarketBoard['agents'][number]

/** The present state of the market, in memory. A new client gets it first. */
export class Board {
  #index: number | null = null
  #sectors = new Map<string, BoardSector>()
  #agents = new Map<string, BoardAgent>()
  #discussions: MarketBoard['discussions'] = []
  /** When a message last set the value of a sector, and the status of an agent, on the clock of `performance`. */
  readonly #valueAt = new Map<string, number>()
  readonly #statusAt = new Map<string, number>()

  /**
   * Reads the lists, and returns the function that shows them. Known values and statuses stay: they are newer than the
   * database's.
   */
  async read({ sectors, agents, discussions, candles }: Repositories, now: Date): Promise<() => void> {
    const references = await candles.references(new Date(now.getTime() - DAY_MS).toISOString())
    const reference = new Map(references.map(({ sectorId, value }) => [sectorId, value]))
    const listed = {
      sectors: await sectors.list({ limit: MAX_SECTORS }),
      agents: await agents.list({ limit: MAX_AGENTS }),
      discussions: await discussions.list({ limit: MAX_DISCUSSIONS }),
    }
    return () => {
      const before = { sectors: this.#sectors, agents: this.#agents }
      this.#sectors = new Map(
        listed.sectors.map(({ id, name, description, value }) => {
          const live = before.sectors.get(id)?.value ?? value
          return [id, { id, name, description, value: live, reference: reference.get(id) ?? value }]
        }),
      )
      this.#agents = new Map(
        listed.agents.map(({ id, name, description, sectorId, status }) => [
          id,
          { id, name, description, sectorId, status: before.agents.get(id)?.status ?? status },
        ]),
      )
      this.#discussions = listed.discussions.map(({ id, title, sectorId }) => ({ id, title, sectorId }))
    }
  }

  /** Messages for stored values and statuses that differ from the board, and that no message has set after `since`. */
  async corrections({ sectors, agents }: Repositories, since: number): Promise<MarketMessage[]> {
    const stored = {
      sectors: await sectors.list({ limit: MAX_SECTORS }),
      agents: await agents.list({ limit: MAX_AGENTS }),
    }
    const timestamp = new Date().toISOString()
    const isOld = (at: number | undefined) => at === undefined || at < since
    return [
      ...stored.sectors
        .filter(({ id, value }) => isOld(this.#valueAt.get(id)) && (this.#sectors.get(id)?.value ?? value) !== value)
        .map(({ id, value }) => ({ type: 'market:update' as const, data: { sectorId: id, value, timestamp } })),
      ...stored.agents
        .filter(
          ({ id, status }) => isOld(this.#statusAt.get(id)) && (this.#agents.get(id)?.status ?? status) !== status,
        )
        .map(({ id, sectorId, status }) => ({
          type: 'agent:status_update' as const,
          data: { agentId: id, ...(sectorId === null ? {} : { sectorId }), status },
        })),
    ]
  }

  /** A message about a sector or agent that is not on the board changes nothing. */
  apply({ type, data }: MarketMessage): void {
    switch (type) {
      case 'market:update':
        this.#index = data.indexValue ?? this.#index
        if (isGiven(data.value)) this.#setValue(data.sectorId, data.value)
        break
      case 'sector:candle_update':
        this.#setValue(data.sectorId, data.candle.value)
        break
      case 'agent:status_update': {
        const agent = this.#agents.get(data.agentId)
        if (!agent) break
        this.#agents.set(agent.id, { ...agent, status: data.status })
        this.#statusAt.set(agent.id, performance.now())
        break
      }
      case 'discussion:new_message':
        break
    }
  }

  get(): MarketBoard {
    return {
      index: this.#index,
      sectors: [...this.#sectors.values()],
      agents: [...this.#agents.values()],
      discussions: this.#discussions,
    }
  }

  #setValue(id: string | null | undefined, value: number): void {
    const sector = this.#sectors.get(id ?? '')
    if (!sector) return
    this.#sectors.set(sector.id, { ...sector, value })
    this.#valueAt.set(sector.id, performance.now())
  }
}
