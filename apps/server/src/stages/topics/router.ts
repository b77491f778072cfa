import {
  CreateKeyInput,
  CreateTopicInput,
  DeleteTopicInput,
  parsePosition,
  PublishInput,
  RevokeKeyInput,
  type TopicEvent,
  TopicEventsInput,
  type TopicSummary,
} from '@tablecast/contracts'
import { toKeyedInput } from '../../rooms/change-request.ts'
import { type Procedures, router } from '../../trpc.ts'
import type { StreamClosers } from '../../transport/stream-closers.ts'
import { ChannelStream, type StreamScope } from '../../transport/stream.ts'
import type { ApiKeys } from './api-keys.ts'
import { publishedMessage } from './published-message.ts'
import { topicDeleted } from './topic-errors.ts'
import type { Topics } from './topics.ts'

export type TopicsRouterDeps = { topics: Topics; apiKeys: ApiKeys; streams: StreamClosers; maxBufferedBytes: number }

/** A signed-in user may publish, subscribe and create topics. Only the creator of a topic may delete it. */
export function topicsRouter(
  { signedIn }: Procedures,
  { topics, apiKeys, streams, maxBufferedBytes }: TopicsRouterDeps,
) {
  return router({
    list: signedIn.query(({ ctx }) => ({
      topics: topics.list().map(({ ownerId, ...topic }): TopicSummary => ({
        ...topic,
        mine: ownerId === null || ownerId === ctx.identity.userId,
      })),
    })),

    create: signedIn.input(CreateTopicInput).mutation(async ({ ctx, input: { key, topic } }) => {
      await topics.create(topic, ctx.identity.userId, key)
      return { topic }
    }),

    remove: signedIn.input(DeleteTopicInput).mutation(async ({ ctx, input: { key, topic } }) => {
      await topics.remove(topic, ctx.identity.userId, key)
      return { topic }
    }),

    /** A retry publishes the message again. Subscribers recognise it by its id. */
    publish: signedIn.input(PublishInput).mutation(async ({ ctx, input: { topic, message }, batchIndex = 0 }) => {
      await topics.publish(topic, publishedMessage(message, ctx.inputText?.(batchIndex)), null)
      return { ok: true as const }
    }),

    keys: signedIn.query(async ({ ctx }) => ({ keys: await apiKeys.list(ctx.identity.userId) })),
    createKey: signedIn
      .input(CreateKeyInput)
      .mutation(({ ctx, input }) => apiKeys.create(ctx.identity.userId, { ...input, ...toKeyedInput(input) })),
    revokeKey: signedIn.input(RevokeKeyInput).mutation(async ({ ctx, input }) => {
      await apiKeys.revoke(ctx.identity.userId, { ...input, ...toKeyedInput(input) })
      return { id: input.id }
    }),

    /** The newest `lastN` messages, or the ring's messages after `lastEventId`, then live ones. Ends with TOPIC_NOT_FOUND. */
    events: signedIn.input(TopicEventsInput).subscription(({ ctx: { limits, session }, input, signal }) => {
      const tag = `topic:${input.topic}`
      const open = async (stream: StreamScope) => {
        stream.hold(limits.subscribe())
        const { channel, forget } = await topics.follow(input.topic, () => streams.end(tag, topicDeleted(input.topic)))
        stream.hold(forget)
        topics.counts.subscribed(input.topic, 1)
        stream.hold(() => topics.counts.subscribed(input.topic, -1))
        stream.hold(streams.add(tag, (reason) => stream.end(reason)))
        const position = parsePosition(input.lastEventId)
        const isKnown = position?.epoch === channel.epoch && position.seq <= channel.head
        const after = isKnown ? position.seq : topics.startOf(channel, input.lastN)
        return { channel, after, lastEventId: input.lastEventId, isTracked: true, maxBufferedBytes }
      }
      return new ChannelStream<TopicEvent>({ open, session, signal })
    }),
  })
}
