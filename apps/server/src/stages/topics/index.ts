// Topics: programs publish messages, and others subscribe to them.
import type { Config } from '../../config.ts'
import type { Host } from '../../host.ts'
import { oncePerRequest, withAccess } from '../../http/rest.ts'
import type { Stage } from '../../stage.ts'
import { StreamClosers } from '../../transport/stream-closers.ts'
import { ApiKeys, person } from './api-keys.ts'
import { topicsHttp } from './http.ts'
import { serveTopicSocket, type TopicSocketDeps } from './socket.ts'
import { Topics } from './topics.ts'

export type TopicsStage = Stage & { topics: Topics; apiKeys: ApiKeys; streams: StreamClosers; maxBufferedBytes: number }

export async function openTopics(host: Host, config: Config): Promise<TopicsStage> {
  const { store, bus, others, nodes, observe, plainEndpoints, maxBufferedBytes, failed } = host
  await using opened = new AsyncDisposableStack()
  const topics = opened.use(
    await Topics.open({
      store,
      bus,
      others,
      nodes,
      ringSize: config.RING_SIZE,
      queueSize: config.QUEUE_SIZE,
      isDurable: config.TOPICS_DURABLE,
      maxTopics: config.MAX_TOPICS,
      observe,
      failed,
    }),
  )
  const streams = new StreamClosers()
  const apiKeys = opened.use(
    new ApiKeys({
      store,
      others,
      streams,
      messagesPerSecond: config.KEY_MESSAGES_PER_SECOND,
      secretFor: (ownerId, key) => host.secretOf('api-key', ownerId, key),
    }),
  )
  /** People with a token as at the other plain endpoints, and programs with an API key. */
  const callerOf = async (token: string | null) =>
    token && ApiKeys.isKey(token)
      ? apiKeys.verify(token)
      : person((await plainEndpoints.callerOf(token))?.userId ?? null)
  const deps: TopicSocketDeps = {
    ...plainEndpoints.serving,
    topics,
    streams,
    maxSubscriptions: config.MAX_SUBSCRIPTIONS_PER_SOCKET,
    slowConsumerMs: config.SLOW_CONSUMER_TIMEOUT * 1_000,
  }
  const handler = plainEndpoints.socketFor(
    async (request, url) => {
      const token = plainEndpoints.tokenOf(request, url)
      // A key has no session that could expire: its revocation closes the socket.
      if (token && ApiKeys.isKey(token)) return { identity: null, caller: await callerOf(token) }
      const identity = await plainEndpoints.socketCallerOf(request, url)
      return { identity, caller: person(identity?.userId ?? null) }
    },
    (client, caller) => serveTopicSocket(deps, client, caller),
  )
  const restCaller = oncePerRequest(callerOf)
  const owned = opened.move()
  return {
    topics,
    apiKeys,
    streams,
    maxBufferedBytes,
    channels: () => topics.channels,
    status: () => ({ lastAt: topics.lastAt, health: { topics: topics.size } }),
    metrics: [],
    probes: [],
    rest: [withAccess('plain', restCaller, (app) => topicsHttp(app, { topics, callerOf: restCaller }))],
    sockets: [{ path: '/ws', access: 'plain', handler }],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
