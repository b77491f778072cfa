// The state of the market: the board, folded with the messages since. Pure.
import type { Candle, DiscussionMessage, MarketBoard, MarketEvent } from '@tablecast/contracts'

type BoardSector = MarketBoard['sectors'][number]
/** `past`: values of the last minute, oldest first. `moved`: the direction of the last change. */
export type SectorState = BoardSector & { past: readonly number[]; pastAt: number; moved: 'up' | 'down' | null }

export type MarketState = {
  index: number | null
  sectors: ReadonlyMap<string, SectorState>
  agents: ReadonlyMap<string, MarketBoard['agents'][number]>
  discussions: MarketBoard['discussions']
  /** The newest live candle of each sector. */
  candles: ReadonlyMap<string, Candle>
  /** The messages of each discussion since the last snapshot, oldest first. */
  messages: ReadonlyMap<string, readonly DiscussionMessage[]>
  /** The number of snapshots so far. After each one, data that is not on the board has to be read again. */
  snapshots: number
}

export const emptyMarket: MarketState = {
  index: null,
  sectors: new Map(),
  agents: new Map(),
  discussions: [],
  candles: new Map(),
  messages: new Map(),
  snapshots: 0,
}

const PAST_POINTS = 60
const PAST_MS = 1_000
const MAX_MESSAGES = 200

/** Folds several messages in one call. `now`: milliseconds since 1970. */
export function foldMarket(state: MarketState, events: readonly MarketEvent[], now: number): MarketState {
  const next = {
    ...state,
    sectors: new Map(state.sectors),
    agents: new Map(state.agents),
    candles: new Map(state.candles),
    messages: new Map(state.messages),
  }
  for (const { type, data } of events)
    switch (type) {
      case 'market:snapshot':
      case 'market:board':
        next.index = data.index ?? next.index
        next.sectors = new Map(
          data.sectors.map((sector) => [sector.id, sectorFrom(sector, next.sectors.get(sector.id), now)]),
        )
        next.agents = new Map(data.agents.map((agent) => [agent.id, agent]))
        next.discussions = data.discussions
        if (type === 'market:board') break
        next.messages = new Map()
        next.snapshots += 1
        break
      case 'market:update':
        next.index = data.indexValue ?? next.index
        // Null changes nothing, as a missing field does.
        if (typeof data.value === 'number') setValue(next.sectors, data.sectorId, data.value, now)
        break
      case 'sector:candle_update':
        next.candles.set(data.sectorId, data.candle)
        setValue(next.sectors, data.sectorId, data.candle.value, now)
        break
      case 'agent:status_update': {
        const agent = next.agents.get(data.agentId)
        if (agent) next.agents.set(agent.id, { ...agent, status: data.status })
        break
      }
      case 'discussion:new_message': {
        const { id, content, authorId, timestamp } = data.message
        const said = next.messages.get(data.discussionId) ?? []
        if (said.some((message) => message.id === id)) break
        const [authorName, kind] = [data.message.authorName ?? authorId, data.message.type ?? 'text']
        const message = { id, content, authorId, authorName, timestamp, type: kind }
        next.messages.set(data.discussionId, [...said, message].slice(-MAX_MESSAGES))
        break
      }
    }
  return next
}

function sectorFrom(sector: BoardSector, known: SectorState | undefined, now: number): SectorState {
  return known
    ? moved({ ...known, ...sector, value: known.value }, sector.value, now)
    : { ...sector, past: [sector.value], pastAt: now, moved: null }
}

function setValue(sectors: Map<string, SectorState>, id: string | null | undefined, value: number, now: number): void {
  const sector = sectors.get(id ?? '')
  if (sector) sectors.set(sector.id, moved(sector, value, now))
}

function moved(sector: SectorState, value: number, now: number): SectorState {
  const isDue = now - sector.pastAt >= PAST_MS
  return {
    ...sector,
    value,
    moved: value === sector.value ? sector.moved : value > sector.value ? 'up' : 'down',
    past: isDue ? [...sector.past, value].slice(-PAST_POINTS) : [...sector.past.slice(0, -1), value],
    pastAt: isDue ? now : sector.pastAt,
  }
}

/** The change as a share of the value a day ago; null without such a value. */
export const changeOf = ({ value, reference }: Pick<SectorState, 'value' | 'reference'>): number | null =>
  reference > 0 ? value / reference - 1 : null

/** Older messages and the live ones, each once, oldest first. */
export function withLive(page: readonly DiscussionMessage[], live: readonly DiscussionMessage[]): DiscussionMessage[] {
  const known = new Set(page.map(({ id }) => id))
  return [...page, ...live.filter(({ id }) => !known.has(id))]
}
