// Topics: any program publishes and subscribes.
import { z } from 'zod'
import { IdempotencyKey, RequestId } from './ids.ts'
import { Line, NonblankLine } from './text.ts'

export const TopicName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/,
    'must be 1 to 128 letters, digits, ".", "_", ":" or "-", and begin with a letter or digit',
  )

export const CreateTopicBody = z.object({ name: TopicName })
export const TopicCreated = z.object({ status: z.literal('created'), topic: z.string() })
export const TopicDeleted = z.object({ status: z.literal('deleted'), topic: z.string() })
export const TopicList = z.object({ topics: z.array(z.object({ name: z.string(), subscribers: z.number() })) })

/** `messages`: published messages, as the running nodes counted them. `dropped`: messages that slow subscribers did not get. */
export const TopicStats = z.object({
  messages: z.number(),
  subscribers: z.number(),
  dropped: z.number(),
  last_message_ts: z.string().nullable(),
})
export type TopicStats = z.infer<typeof TopicStats>
export const AllTopicStats = z.object({ topics: z.record(z.string(), TopicStats) })

const request_id = RequestId
const client_id = z.string().min(1, 'must not be empty').max(128)

/** `id`: a UUID by the publisher. `payload`: any JSON, also null, but never absent. Subscribers get its text unchanged. */
export const TopicMessage = z.object({
  id: z.guid('must be a UUID'),
  payload: z.custom<z.core.util.JSONType>((payload) => payload !== undefined, 'must be there'),
})
export type TopicMessage = z.infer<typeof TopicMessage>

/** A client's message on `/ws`. */
export const TopicFrame = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('subscribe'),
    topic: TopicName,
    client_id,
    last_n: z.int('must be a whole number').min(0, 'must not be negative').optional(),
    request_id,
  }),
  z.object({ type: z.literal('publish'), topic: TopicName, message: TopicMessage, request_id }),
  z.object({ type: z.literal('unsubscribe'), topic: TopicName, client_id, request_id }),
  z.object({ type: z.literal('ping'), request_id }),
])
export type TopicFrame = z.infer<typeof TopicFrame>

/** An event for a topic's subscribers. */
export type TopicEvent = { type: 'event'; topic: string; message: TopicMessage; ts: string }

export const CreateTopicInput = z.object({ key: IdempotencyKey, topic: TopicName })
export const DeleteTopicInput = CreateTopicInput
export const PublishInput = z.object({ topic: TopicName, message: TopicMessage })
export const TopicEventsInput = z.object({
  topic: TopicName,
  lastN: z.int().min(0).max(100_000).default(0),
  lastEventId: Line(100).nullish(),
})
export type TopicSummary = { name: string; createdAt: string; mine: boolean } & TopicStats

/** A topic's name, or the beginning of names with `*` at the end; `*` alone is all of them. */
const TopicPattern = z
  .string()
  .regex(
    /^([A-Za-z0-9][A-Za-z0-9._:-]{0,127}|([A-Za-z0-9][A-Za-z0-9._:-]{0,126})?\*)$/,
    'must be a topic, or the beginning of some with * at the end',
  )

export const TopicRight = z.object({ topic: TopicPattern, publish: z.boolean(), subscribe: z.boolean() })
export type TopicRight = z.infer<typeof TopicRight>

export const allows = (rights: readonly TopicRight[], what: 'publish' | 'subscribe', topic: string): boolean =>
  rights.some(
    (right) =>
      right[what] && (right.topic.endsWith('*') ? topic.startsWith(right.topic.slice(0, -1)) : right.topic === topic),
  )

export const CreateKeyInput = z.object({
  key: IdempotencyKey,
  name: NonblankLine(60),
  rights: z.array(TopicRight).min(1).max(50),
})
export const RevokeKeyInput = z.object({ key: IdempotencyKey, id: z.string().regex(/^[A-Za-z0-9]{12}$/) })
export type ApiKey = { id: string; name: string; rights: TopicRight[]; createdAt: string; revokedAt: string | null }
/** Only this answer holds `secret`. The server does not store it. */
export type CreatedKey = ApiKey & { secret: string }
