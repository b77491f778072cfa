// The market: sectors with a value, agents, discussions. The Redis channels fix the names and payloads.
import { z } from 'zod'
import type { CandleInterval } from './candle-intervals.ts'
import { Id, IdempotencyKey } from './ids.ts'
import { Line, NonblankLine, NonblankProse, Prose } from './text.ts'

const name = NonblankLine(60)
const number = z.number('must be a finite number')
const timestamp = z.iso.datetime({ offset: true, error: 'must be ISO 8601 with a final Z, or an offset as +00:00' })

/** A payload may have null in place of a missing field, as programs in Python write it. */
const optional = <T extends z.ZodType>(schema: T) => schema.nullish()
export const isGiven = <T>(value: T | null | undefined): value is T => value !== undefined && value !== null

const AgentStatus = NonblankLine(40)

/** `value` belongs to the sector, `indexValue` to the whole market. At least one of them is present. */
export const MarketUpdate = z
  .looseObject({ sectorId: optional(Id), value: optional(number), indexValue: optional(number), timestamp })
  .refine(({ value, indexValue }) => isGiven(value) || isGiven(indexValue), 'value or indexValue is needed')
  .refine(({ value, sectorId }) => !isGiven(value) || isGiven(sectorId), 'a value needs its sectorId')
export type MarketUpdate = z.infer<typeof MarketUpdate>

/** `timestamp`: the start of the candle. A later message with the same start replaces it. `value` stands in for each missing price. */
export const Candle = z
  .looseObject({
    timestamp,
    value: number,
    open: optional(number),
    high: optional(number),
    low: optional(number),
    close: optional(number),
  })
  .refine(({ high, low }) => (high ?? Infinity) >= (low ?? -Infinity), 'high must not be below low')
export type Candle = z.infer<typeof Candle>

const SectorCandleUpdate = z.looseObject({ sectorId: Id, candle: Candle })
/** @public docs/protocols.md names it. */
export type SectorCandleUpdate = z.infer<typeof SectorCandleUpdate>

const content = NonblankProse(4_000)

export const NewDiscussionMessage = z.looseObject({
  discussionId: Id,
  message: z.looseObject({
    id: Id,
    content: Prose(4_000).min(1),
    authorId: Id,
    authorName: optional(Line(60)),
    timestamp,
    type: optional(Line(40)),
  }),
})
export type NewDiscussionMessage = z.infer<typeof NewDiscussionMessage>

export const AgentStatusUpdate = z.looseObject({ agentId: Id, sectorId: optional(Id), status: AgentStatus })
export type AgentStatusUpdate = z.infer<typeof AgentStatusUpdate>

/** For each channel its event and the schema of its payload. */
export const marketChannels = {
  market_updates: { event: 'market:update', schema: MarketUpdate },
  sector_candles: { event: 'sector:candle_update', schema: SectorCandleUpdate },
  discussion_messages: { event: 'discussion:new_message', schema: NewDiscussionMessage },
  agent_status: { event: 'agent:status_update', schema: AgentStatusUpdate },
} as const
export type MarketChannel = keyof typeof marketChannels

export type MarketMessage = {
  [C in MarketChannel]: {
    type: (typeof marketChannels)[C]['event']
    data: z.infer<(typeof marketChannels)[C]['schema']>
  }
}[MarketChannel]

/**
 * An event for a subscriber of the market: a message, a snapshot, or the board after a change of its lists. New subscribers get a
 * snapshot, and so does a subscriber whose missing messages are no longer kept.
 */
export type MarketEvent = MarketMessage | { type: 'market:snapshot' | 'market:board'; data: MarketBoard }

/** `version` is the `ETag`. It counts changes of the fields that people write, not of the value. */
export const Sector = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  value: z.number(),
  version: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
})
export type Sector = z.infer<typeof Sector>

export const MarketAgent = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  sectorId: z.string().nullable(),
  status: z.string(),
  version: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
})
export type MarketAgent = z.infer<typeof MarketAgent>

export const Discussion = z.object({
  id: z.string(),
  title: z.string(),
  sectorId: z.string().nullable(),
  version: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
})
export type Discussion = z.infer<typeof Discussion>

export const DiscussionMessage = z.object({
  id: z.string(),
  content: z.string(),
  authorId: z.string(),
  authorName: z.string(),
  timestamp: z.string(),
  type: z.string(),
})
export type DiscussionMessage = z.infer<typeof DiscussionMessage>

/**
 * `reference`: the sector's value a day ago, or its oldest known value.
 * @public docs/protocols.md names it.
 */
export type BoardSector = Pick<Sector, 'id' | 'name' | 'description' | 'value'> & { reference: number }
/** @public docs/protocols.md names it. */
export type BoardAgent = Pick<MarketAgent, 'id' | 'name' | 'description' | 'sectorId' | 'status'>
/** @public docs/protocols.md names it. */
export type BoardDiscussion = Pick<Discussion, 'id' | 'title' | 'sectorId'>

/** The current market. */
export type MarketBoard = {
  index: number | null
  sectors: BoardSector[]
  agents: BoardAgent[]
  discussions: BoardDiscussion[]
}

const description = Prose(500).trim()
const sectorId = Id.nullable()

const sectorFields = z.object({ name, description: description.default(''), value: number.default(0) })
const agentFields = z.object({
  name,
  description: description.default(''),
  sectorId: sectorId.default(null),
  status: AgentStatus.default('idle'),
})
const discussionFields = z.object({
  title: NonblankLine(120),
  sectorId: sectorId.default(null),
})

/** Without `id` the server makes one. */
const withId = z.object({ id: Id.optional() })
/** Missing fields do not change. */
const atLeastOne = (changes: object) => Object.keys(changes).length > 0
const needsOne = 'name at least one field to change'

export const CreateSectorBody = sectorFields.extend(withId.shape)
export const ReplaceSectorBody = sectorFields
export const UpdateSectorBody = z.object({ name, description, value: number }).partial().refine(atLeastOne, needsOne)

export const CreateAgentBody = agentFields.extend(withId.shape)
export const ReplaceAgentBody = agentFields
export const UpdateAgentBody = z
  .object({ name, description, sectorId, status: AgentStatus })
  .partial()
  .refine(atLeastOne, needsOne)

export const CreateDiscussionBody = discussionFields.extend(withId.shape)
export const ReplaceDiscussionBody = discussionFields
export const UpdateDiscussionBody = z
  .object({ title: discussionFields.shape.title, sectorId })
  .partial()
  .refine(atLeastOne, needsOne)
export type DiscussionFields = z.infer<typeof discussionFields>

/** `id`: chosen by the sender, so that a repeat with the same id is not delivered again. `authorId`: the id of an agent, or any other. */
export const PostMessageBody = z.object({
  id: Id.optional(),
  content,
  authorId: Id.optional(),
  authorName: name.optional(),
  type: NonblankLine(40).default('text'),
})
export type PostMessageBody = z.infer<typeof PostMessageBody>

/** `cursor`: the `nextCursor` of the previous page. */
export const PageQuery = z.object({
  limit: z.coerce.number<string>().int().min(1).max(200).default(50),
  cursor: Line(200).optional(),
})
export const SectorQuery = PageQuery.extend({ search: Line(60).optional() })
export const AgentQuery = PageQuery.extend({ sectorId: Id.optional(), status: Line(40).optional() })
export const DiscussionQuery = PageQuery.extend({ sectorId: Id.optional() })

const CandleIntervalName = z.enum(['1m', '5m', '1h', '1d']) satisfies z.ZodType<CandleInterval>
/** The most candles of one answer. `to` is now by default. `from` is this number of candles before `to` by default. */
export const MAX_CANDLES = 1_000
export const CandleQuery = z.object({
  from: timestamp.optional(),
  to: timestamp.optional(),
  interval: CandleIntervalName.default('1m'),
})

export const FullCandle = z.object({
  timestamp: z.string(),
  value: z.number(),
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
})
export type FullCandle = z.infer<typeof FullCandle>

const nextCursor = z.string().nullable()
export const SectorPage = z.object({ sectors: z.array(Sector), nextCursor })
export const AgentPage = z.object({ agents: z.array(MarketAgent), nextCursor })
export const DiscussionPage = z.object({ discussions: z.array(Discussion), nextCursor })
/** Oldest first. `nextCursor` leads to older messages. */
export const MessagePage = z.object({ messages: z.array(DiscussionMessage), nextCursor })
export const CandlePage = z.object({ sectorId: z.string(), interval: CandleIntervalName, candles: z.array(FullCandle) })

export const MarketCandlesInput = z.object({ sectorId: Id, interval: CandleIntervalName, to: timestamp.optional() })
export const MarketMessagesInput = z.object({ discussionId: Id, before: Line(200).optional() })
export const OpenDiscussionInput = z.object({ key: IdempotencyKey, ...discussionFields.shape })
/** The message's id comes from the key, so that a retry does not add a second message. */
export const PostMarketMessageInput = z.object({ key: IdempotencyKey, discussionId: Id, content })
export const MarketEventsInput = z.object({ lastEventId: Line(100).nullish() })

/**
 * The state of the channels. `dropped`: messages that were not JSON or did not match their schema. `recovered`: discussion messages
 * that the channels had not delivered and that the log had. `waiting`: stored messages that are not published yet.
 */
export type MarketStatus = {
  channels: 'memory' | 'redis'
  isConnected: boolean
  relayed: number
  dropped: number
  recovered: number
  waiting: number
}
