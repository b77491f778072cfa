// `/ws`: subscribe, publish, unsubscribe, ping. Several subscriptions may share one connection.
import { TablecastError, TopicFrame } from '@tablecast/contracts'
import type { Cursor } from '@tablecast/hub'
import type { WebSocket } from 'ws'
import { tallyOf } from '../../transport/stage-meter.ts'
import { closeWithError } from '../../transport/close-socket.ts'
import { type PlainServing, sendError, sendJson, servePlainSocket } from '../../transport/plain-socket.ts'
import { SocketSink, type WireForm } from '../../transport/socket-sink.ts'
import type { StreamClosers } from '../../transport/stream-closers.ts'
import { keyTag, assertAllowed, type TopicCaller } from './api-keys.ts'
import { publishedMessage } from './published-message.ts'
import type { Topics } from './topics.ts'

export type TopicSocketDeps = PlainServing & {
  topics: Topics
  streams: StreamClosers
  maxSubscriptions: number
  slowConsumerMs: number
}

type Subscription = { cursor: Cursor; stuckSince: number | null; end(): void }

const plainForm: WireForm = { form: 'topic', encode: ({ text }) => text }
const CHECK_INTERVAL_MS = 250

export function serveTopicSocket(deps: TopicSocketDeps, socket: WebSocket, caller: TopicCaller): void {
  const { topics, maxSubscriptions, slowConsumerMs } = deps
  const subscriptions = new Map<string, Subscription>()
  let checking: ReturnType<typeof setInterval> | null = null

  servePlainSocket<TopicFrame>(deps, socket, {
    schema: TopicFrame,
    async handle(frame, text, deadline) {
      switch (frame.type) {
        case 'ping':
          return { type: 'pong', ts: now() }
        case 'publish':
          assertAllowed(caller, 'publish', frame.topic)
          await topics.publish(frame.topic, publishedMessage(frame.message, text), caller.keyId, deadline)
          return ack(frame.topic)
        case 'subscribe':
          assertAllowed(caller, 'subscribe', frame.topic)
          await subscribe(frame)
          return null
        case 'unsubscribe': {
          const subscription = subscriptions.get(keyOf(frame))
          if (!subscription)
            throw new TablecastError(
              'BAD_REQUEST',
              `The client_id ${frame.client_id} is not subscribed to ${frame.topic} here.`,
            )
          subscription.end()
          return ack(frame.topic)
        }
      }
    },
  })

  const forgetKey =
    caller.keyId === null
      ? () => {}
      : deps.streams.add(keyTag(caller.keyId), (reason) => {
          for (const { end } of subscriptions.values()) end()
          if (reason) sendError(socket, undefined, reason)
          closeWithError(socket, 'UNAUTHORIZED')
        })
  socket.once('close', () => {
    forgetKey()
    for (const { end } of subscriptions.values()) end()
    if (checking) clearInterval(checking)
  })

  async function subscribe(frame: Extract<TopicFrame, { type: 'subscribe' }>): Promise<void> {
    const { topic, last_n: lastN = 0, request_id: requestId } = frame
    const key = keyOf(frame)
    if (!subscriptions.has(key) && subscriptions.size >= maxSubscriptions)
      throw new TablecastError(
        'RATE_LIMITED',
        `At most ${maxSubscriptions} subscriptions on one connection: end some first.`,
      )
    const { channel, forget } = await topics.follow(topic, () => {
      subscriptions.get(key)?.end()
      sendJson(socket, { type: 'info', topic, msg: 'topic_deleted', ts: now() })
    })
    if (socket.readyState !== socket.OPEN) return forget()
    // A second subscription of the same client id replaces the first.
    subscriptions.get(key)?.end()
    const sink = new SocketSink({
      socket,
      wire: plainForm,
      maxBufferedBytes: deps.maxBufferedBytes,
      tally: tallyOf(channel, 'plain'),
      owner: {
        closed: () => subscriptions.get(key)?.end(),
        dropped(count) {
          topics.counts.dropped(topic, count)
          sendJson(socket, { type: 'info', topic, msg: 'dropped', count, ts: now() })
        },
      },
    })
    sendJson(socket, { ...ack(topic), ...(requestId === undefined ? {} : { request_id: requestId }) })
    const cursor = channel.subscribe(sink, topics.startOf(channel, lastN))
    sink.follow(cursor)
    topics.counts.subscribed(topic, 1)
    subscriptions.set(key, {
      cursor,
      stuckSince: null,
      end() {
        if (!subscriptions.delete(key)) return
        cursor.detach()
        forget()
        topics.counts.subscribed(topic, -1)
      },
    })
    checking ??= setInterval(closeIfStuck, CHECK_INTERVAL_MS)
  }

  /** Closes the socket with SLOW_CONSUMER once a subscription was stuck for `slowConsumerMs`. */
  function closeIfStuck(): void {
    const at = performance.now()
    for (const subscription of subscriptions.values()) {
      subscription.stuckSince = subscription.cursor.isCongested ? (subscription.stuckSince ?? at) : null
      if (subscription.stuckSince === null || at - subscription.stuckSince < slowConsumerMs) continue
      const seconds = slowConsumerMs / 1_000
      sendError(
        socket,
        undefined,
        new TablecastError('SLOW_CONSUMER', `Nothing was read for ${seconds} s: come back and read faster.`),
      )
      closeWithError(socket, 'SLOW_CONSUMER')
      for (const { end } of subscriptions.values()) end()
      return
    }
  }
}

const now = () => new Date().toISOString()
const ack = (topic: string) => ({ type: 'ack', status: 'ok', topic, ts: now() })
const keyOf = (frame: { topic: string; client_id: string }) => `${frame.topic} ${frame.client_id}`
