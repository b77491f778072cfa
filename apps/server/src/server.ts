// The composition root: the only place that knows all parts.
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { TablecastError } from '@tablecast/contracts'
import { agentsFrom } from '@tablecast/arena-engine'
import { type Bus, openBus, openPubSub, type PubSub } from '@tablecast/bus'
import { createScribe, cryptoDice, LanguageModel, ModelNarrator } from '@tablecast/narrator'
import { Narration, Orchestrator } from '@tablecast/orchestrator'
import { openStore, type Store } from '@tablecast/store'
import { TRPCError } from '@trpc/server'
import { WebSocket, type WebSocketServer } from 'ws'
import { bareToken } from './auth/bearer.ts'
import { GuestAuth, sessionSecret } from './auth/guest.ts'
import {
  compatAuth,
  type Config,
  hasSampleMarket,
  isLoopback,
  narratorModel,
  playsArena,
  simulatesMarket,
} from './config.ts'
import { createHttp } from './http.ts'
import { lanAddresses } from './lan.ts'
import { Health } from './ops/health.ts'
import { createLog } from './ops/log.ts'
import { createRouter } from './router.ts'
import { openArena } from './stages/arena/index.ts'
import { CampaignLive } from './stages/campaign/live.ts'
import { MembershipNews } from './stages/campaign/membership-news.ts'
import { NarratingLive } from './stages/campaign/narrator/narrating-live.ts'
import { PlainFeeds } from './stages/campaign/plain-feed.ts'
import { PresenceLink } from './stages/campaign/presence-link.ts'
import { PresenceBoard } from './stages/campaign/presence.ts'
import { startPruning } from './stages/campaign/pruning.ts'
import { Rooms } from './stages/campaign/rooms.ts'
import { tagOf } from './stages/campaign/router.ts'
import { ensureSampleRoom } from './stages/campaign/sample-room.ts'
import { type MarketBroadcasts } from './stages/market/relay.ts'
import { openMarket } from './stages/market/index.ts'
import { SOCKET_IO_PATH } from './stages/market/socket-io.ts'
import { DEMO_MS, demoSeries } from './stages/signals/demo.ts'
import { Signals } from './stages/signals/signals.ts'
import { ApiKeys } from './stages/topics/api-keys.ts'
import { Topics } from './stages/topics/topics.ts'
import { connectionLimits } from './transport/connection-limits.ts'
import { NodeEvents } from './transport/node-events.ts'
import { Streams } from './transport/streams.ts'
import { createTrpcSocketServer } from './transport/trpc-socket.ts'
import { type Take, Upgrades } from './transport/upgrade.ts'
import { plainEndpoints } from './plain-endpoints.ts'
import { toWireError } from './wire-error.ts'

/** What a test may bring; it stays the test's to close. */
export type Given = { store?: Store; bus?: Bus; channels?: PubSub }

export type Server = AsyncDisposable & {
  /** `http://host:port`, as a browser on this machine reaches it. */
  url: string
  port: number
  rooms: Rooms
  store: Store
  /** Tells this node's clients of the market something, and nobody else's. */
  market: MarketBroadcasts
  /** Not ready, no new sockets, clients told to reconnect; then closed. */
  drain(): Promise<void>
}

const webRoot = fileURLToPath(new URL('../../web/dist', import.meta.url))

/** Opens the parts in order and closes them in reverse, also after a start that failed half-way. */
export async function openServer(config: Config, given: Given = {}): Promise<Server> {
  await using opened = new AsyncDisposableStack()
  const log = createLog(config.LOG_LEVEL)
  const store =
    given.store ?? opened.use(await openStore({ databaseUrl: config.DATABASE_URL, dataDir: config.DATA_DIR }))
  const auth = new GuestAuth(config.SESSION_SECRET ?? sessionSecret(config.DATA_DIR))
  const failed = (error: unknown) => log.warn({ err: error }, 'trouble')
  const agentFor = agentsFrom(config, failed)
  const bus = given.bus ?? opened.use(openBus({ natsUrl: config.NATS_URL, name: 'tablecast', failed }))
  const nodes = opened.use(
    new NodeEvents({ bus, heads: (ids) => store.read(({ streams: log }) => log.heads(ids)), failed }),
  )
  const { hub } = nodes
  const streams = new Streams()
  const maxBufferedBytes = config.MAX_BUFFERED_BYTES

  const orchestrator = new Orchestrator({
    store,
    narrator: createScribe({ dice: cryptoDice() }),
    broadcaster: {
      broadcast: (event) => nodes.broadcast(event),
    },
  })
  const narrating: NarratingLive = opened.use(
    new NarratingLive({
      bus,
      current: (roomId) => narration.current(roomId),
      stop: (roomId, turnId) => narration.stopHere(roomId, turnId),
    }),
  )
  const described = narratorModel(config)
  const model =
    described &&
    new LanguageModel({
      ...described,
      apiKey: config.LLM_API_KEY,
      timeoutMs: config.LLM_TIMEOUT_MS,
      maxReplyTokens: config.LLM_REPLY_TOKENS,
    })
  const windowTokens = config.LLM_CONTEXT_TOKENS
  const narration: Narration = opened.use(
    new Narration({
      store,
      orchestrator,
      model: model && { model, windowTokens, narrator: new ModelNarrator({ model, windowTokens }) },
      defaultMode: config.NARRATOR,
      tokensPerDay: config.LLM_TOKENS_PER_DAY,
      isAlone: store.kind === 'sqlite',
      teller: narrating,
      failed,
    }),
  )
  const live = new CampaignLive(hub, orchestrator)
  const presence = new PresenceBoard(live, opened.use(new PresenceLink(bus)))
  opened.defer(() => presence.close())
  const membership = opened.use(
    new MembershipNews({
      bus,
      apply({ roomId, userId, role }) {
        const reason =
          role === null ? new TablecastError('NOT_A_MEMBER', 'you are no member of this room any more') : null
        streams.end(tagOf(roomId, userId), reason)
        if (role === null) presence.remove(roomId, userId)
      },
      failed,
    }),
  )
  const rooms = new Rooms({
    store,
    maxMembers: config.MAX_MEMBERS_PER_ROOM,
    changed: (change) => membership.tell(change),
  })
  await ensureSampleRoom(store, orchestrator)
  opened.use(startPruning(store, (error) => log.error({ err: error }, 'pruning failed')))
  const sweeping = setInterval(() => hub.sweep(), 60_000)
  opened.defer(() => clearInterval(sweeping))

  const arena = opened.use(
    openArena({
      bus,
      store,
      nodes,
      maxRunning: config.ARENA_MAX_SESSIONS,
      keepSessions: config.ARENA_KEEP_SESSIONS,
      engine: playsArena(config)
        ? { agentFor, rounds: config.ARENA_ROUNDS, agents: config.ARENA_SIZE, paceMs: config.ARENA_PACE_MS }
        : null,
      failed,
    }),
  )

  const topics = opened.use(
    await Topics.open({
      store,
      bus,
      nodes,
      ringSize: config.RING_SIZE,
      queueSize: config.QUEUE_SIZE,
      isDurable: config.TOPICS_DURABLE,
      maxTopics: config.MAX_TOPICS,
      failed,
    }),
  )

  const apiKeys = opened.use(new ApiKeys({ store, bus, streams, messagesPerSecond: config.KEY_MESSAGES_PER_SECOND }))
  const signals = opened.use(
    new Signals({
      bus,
      feeds: config.SIGNALS_FEEDS,
      consumer: config.SIGNALS_CONSUMER ?? (config.NATS_URL && config.DATABASE_URL ? 'broadcast' : 'durable'),
      skipped: (name) => log.warn({ feed: name }, 'a payload that is no JSON was skipped'),
    }),
  )
  const [demoFeed] = config.SIGNALS_FEEDS
  if (config.SIGNALS_DEMO && bus.kind === 'memory' && demoFeed) {
    const next = demoSeries()
    const telling = setInterval(() => bus.publish(demoFeed.subject, JSON.stringify(next(new Date()))), DEMO_MS)
    opened.defer(() => clearInterval(telling))
  }

  const channels = given.channels ?? opened.use(openPubSub({ redisUrl: config.REDIS_URL, name: 'tablecast', failed }))
  const market = opened.use(
    await openMarket({
      store,
      channels,
      maxMessageBytes: config.MAX_FRAME_BYTES,
      keepMessages: config.MARKET_KEEP_MESSAGES,
      keepDays: config.MARKET_KEEP_DAYS,
      hasSample: hasSampleMarket(config),
      simulator: simulatesMarket(config) ? { rate: config.MARKET_SIM_RATE, seed: config.MARKET_SIM_SEED } : null,
      dropped: (channel, why, count) => log.warn({ channel, why, count }, 'messages of the market were dropped'),
      failed,
    }),
  )

  const health = new Health({
    store,
    bus,
    channels,
    connections: () => upgrades.count,
    topics: () => topics.size,
    signals: () => signals.status(),
    market: () => market.status(),
    subscribers: () => [...hub.channels].reduce((sum, channel) => sum + channel.size, 0),
    lastMessageAt: () => nodes.lastAt,
  })
  const router = createRouter({
    auth,
    rooms,
    orchestrator,
    narration,
    narrating,
    live,
    presence,
    arena: arena.sessions,
    arenaLive: arena.live,
    signals,
    topics,
    apiKeys,
    market,
    streams,
    health,
    maxBufferedBytes,
    compatAuth: compatAuth(config),
  })

  const limits = () => connectionLimits(config.CALLS_PER_SECOND, config.MAX_SUBSCRIPTIONS_PER_SOCKET)
  const identityOf = async (token: unknown) => {
    if (typeof token !== 'string' || token === '') return null
    const identity = await auth.verify(token)
    if (!identity) {
      const cause = new TablecastError('UNAUTHORIZED', 'the token is not valid (any more): sign in again')
      throw new TRPCError({ code: 'UNAUTHORIZED', message: cause.message, cause })
    }
    return identity
  }

  const origins = new Set(config.ALLOWED_ORIGINS)
  const isAllowedOrigin = (origin: string) => origins.has(origin)
  const plain = plainEndpoints({
    config,
    campaign: {
      auth,
      rooms,
      orchestrator,
      narration,
      live,
      feeds: new PlainFeeds(live, orchestrator),
      presence,
      streams,
    },
    arena,
    topics,
    apiKeys,
    signals,
    market,
    store,
    isAllowedOrigin,
  })
  const http = await createHttp({
    config,
    router,
    health,
    log,
    rest: plain.rest,
    raw: plain.socketIo && { path: SOCKET_IO_PATH, handle: (...both) => plain.socketIo?.handle(...both) },
    webRoot,
    createContext: async ({ req, info }) => ({
      identity: await identityOf(bareToken(req.headers.authorization) ?? info.connectionParams?.['token']),
      socket: null,
      limits: limits(),
    }),
  })
  opened.defer(() => http.close())
  // Closing the server waits for its sockets.
  if (plain.socketIo) opened.use(plain.socketIo)

  const trpcSockets = createTrpcSocketServer({
    router,
    maxFrameBytes: config.MAX_FRAME_BYTES,
    createContext: async ({ info, res }) => ({
      identity: await identityOf(info.connectionParams?.['token']),
      socket: res,
      limits: limits(),
    }),
    onError: ({ error, path }) => {
      if (toWireError(error.cause ?? error).code === 'INTERNAL' && error.code === 'INTERNAL_SERVER_ERROR')
        log.error({ err: error, path }, 'call failed')
    },
  })
  const trpcSocket: Take = (request, socket, head) =>
    trpcSockets.server.handleUpgrade(request, socket, head, (client) =>
      trpcSockets.server.emit('connection', client, request),
    )
  const upgrades = new Upgrades(http.server, {
    isAllowedOrigin: (origin, path) =>
      isAllowedOrigin(origin) || (path === SOCKET_IO_PATH && config.CORS_ORIGINS.includes(origin)),
    maxSockets: config.MAX_SOCKETS,
    maxSocketsPerAddress: config.MAX_SOCKETS_PER_IP,
    route: (path) => (path === '/trpc' ? trpcSocket : plain.route(path)),
  })
  const keepAlive = setInterval(() => pingAll(plain.sockets), 30_000)
  opened.defer(() => clearInterval(keepAlive))
  opened.defer(() => {
    for (const client of [...trpcSockets.server.clients, ...plain.sockets.clients]) client.terminate()
  })

  await http.listen({ port: config.PORT, host: config.HOST })
  const { port } = http.server.address() as AddressInfo
  for (const origin of ownOrigins(config, port)) origins.add(origin)
  health.readiness = 'ready'
  log.debug({ port }, 'listening')

  const owned = opened.move()
  return {
    url:
      config.PUBLIC_URL ??
      `http://${isLoopback(config.HOST) || config.HOST === '0.0.0.0' ? '127.0.0.1' : config.HOST}:${port}`,
    port,
    rooms,
    store,
    market: market.broadcasts,
    async drain() {
      health.readiness = 'draining'
      upgrades.isOpen = false
      if (plain.socketIo) plain.socketIo.isOpen = false
      trpcSockets.askToReconnect()
      for (const client of [...trpcSockets.server.clients, ...plain.sockets.clients]) client.close(1012, 'restarting')
      await owned.disposeAsync()
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Where the server's own pages come from. */
function ownOrigins(config: Config, port: number): string[] {
  const hosts = isLoopback(config.HOST)
    ? ['127.0.0.1', 'localhost', '[::1]']
    : [config.HOST, '127.0.0.1', 'localhost', ...lanAddresses()]
  return [
    ...hosts.map((host) => `http://${host}:${port}`),
    ...(config.PUBLIC_URL ? [new URL(config.PUBLIC_URL).origin] : []),
  ]
}

const alive = new WeakMap<WebSocket, boolean>()

/** Half-open connections never tell: who did not answer the last ping is gone. */
function pingAll(server: WebSocketServer): void {
  for (const client of server.clients) {
    if (alive.get(client) === false) client.terminate()
    else if (!alive.has(client)) client.on('pong', () => alive.set(client, true))
    alive.set(client, false)
    if (client.readyState === WebSocket.OPEN) client.ping()
  }
}
