// The composition root: the only place that knows all parts.
import { createHmac, randomUUID } from 'node:crypto'
import { type AddressInfo, isIPv6 } from 'node:net'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { agentsFrom } from '@tablecast/arena-engine'
import { type Bus, openBus, openPubSub, type PubSub } from '@tablecast/bus'
import { createScribe, cryptoDice, LanguageModel, ModelNarrator } from '@tablecast/narrator'
import { Narration, Orchestrator } from '@tablecast/orchestrator'
import { openStore, type Store } from '@tablecast/store'
import { errorKinds, roomOfStream } from '@tablecast/contracts'
import { TRPCError } from '@trpc/server'
import type { FastifyInstance } from 'fastify'
import { WebSocket } from 'ws'
import { Auth } from './auth/auth.ts'
import { Auth0Tokens, originOf } from './auth/auth0.ts'
import { bareToken } from './transport/bearer.ts'
import { CallerSession } from './transport/caller-session.ts'
import { Expiry } from './transport/expiry.ts'
import { GuestTokens, sessionSecret } from './auth/guest.ts'
import { Tickets } from './auth/tickets.ts'
import { UserConnections } from './auth/user-connections.ts'
import {
  admitsGuests,
  allowsCors,
  auth0,
  compatAuth,
  type Config,
  ConfigError,
  hasSampleMarket,
  isBehindProxy,
  isLoopback,
  isOperator,
  namesFeeds,
  narratorModel,
  playsArena,
  secretsOf,
  simulatesMarket,
} from './config.ts'
import { askedOf, createHttp, type RestDoor } from './http/http.ts'
import { lanAddresses } from './lan.ts'
import { largeBodyBytes, largeBodyOf } from './large-bodies.ts'
import { Audit } from './rooms/audit.ts'
import { CallScope } from './transport/call-scope.ts'
import { DatabaseWatch } from './ops/database-watch.ts'
import { Dependencies } from './ops/dependencies.ts'
import { Health, version } from './ops/health.ts'
import { opsHttp } from './ops/http.ts'
import { createLog } from './ops/log.ts'
import { measuredBus } from './ops/measured-bus.ts'
import { measuredStore } from './ops/measured-store.ts'
import { Metrics } from './ops/metrics.ts'
import { openMetricsPort } from './ops/metrics-http.ts'
import { NodeReports } from './ops/node-reports.ts'
import { accountsProbe } from './auth/accounts-probe.ts'
import { modelProbe } from './stages/campaign/model-probe.ts'
import { feedProbe } from './stages/signals/feed-probe.ts'
import { channelsProbe, databaseProbe } from './ops/probes.ts'
import { RoomLoads } from './ops/room-loads.ts'
import { SlowClients } from './ops/slow-clients.ts'
import { countSubscribers } from './transport/stage-meter.ts'
import { Telemetry } from './ops/telemetry.ts'
import { openTraces } from './ops/traces.ts'
import { RestoreWatch } from './ops/restore-watch.ts'
import { createRouter } from './router.ts'
import { type Context, wireErrorOf } from './trpc.ts'
import { openArena } from './stages/arena/index.ts'
import { CampaignLive } from './stages/campaign/live.ts'
import { NarratingLive } from './stages/campaign/narrator/narrating-live.ts'
import { PlainFeeds } from './stages/campaign/plain-feed.ts'
import { PresenceLink } from './stages/campaign/presence-link.ts'
import { PresenceBoard } from './stages/campaign/presence.ts'
import { startPruning } from './stages/campaign/pruning.ts'
import { RoomAccess } from './rooms/room-access.ts'
import { RoomStreams } from './rooms/room-streams.ts'
import { Rooms } from './rooms/rooms.ts'
import { moveSeats } from './stages/campaign/move-seats.ts'
import { ScenarioReader } from './stages/campaign/scenario-reader.ts'
import { ensureSampleRoom } from './stages/campaign/sample-room.ts'
import { type MarketBroadcasts } from './stages/market/relay.ts'
import { openMarket } from './stages/market/index.ts'
import { SOCKET_IO_PATH } from './stages/market/socket-io.ts'
import { DEMO_MS, demoSeries } from './stages/signals/demo.ts'
import { Signals } from './stages/signals/signals.ts'
import { ApiKeys } from './stages/topics/api-keys.ts'
import { Topics } from './stages/topics/topics.ts'
import { Bodies } from './http/bodies.ts'
import { createAddressOf, limitKey } from './transport/client-address.ts'
import { CallsInFlight } from './transport/calls-in-flight.ts'
import { ClientNames } from './transport/client-names.ts'
import { closeFor, closeWith } from './transport/close-for.ts'
import { ConnectionLimits } from './transport/connection-limits.ts'
import { sendElsewhere } from './transport/drain.ts'
import { jsonPart } from './transport/json-text.ts'
import { KeyedBuckets, KeyedCount } from './transport/limits.ts'
import { isAlone } from './cluster/is-alone.ts'
import { NodeChannel } from './cluster/node-channel.ts'
import { NodeEvents } from './cluster/node-events.ts'
import { Streams } from './transport/streams.ts'
import { KeepAlive } from './transport/keep-alive.ts'
import { Ticker } from './transport/ticker.ts'
import { createTrpcSocketServer } from './transport/trpc-socket.ts'
import { type Take, Upgrades } from './transport/upgrade.ts'
import { plainEndpoints, type SocketAccess } from './plain-endpoints.ts'
import { toWireError } from './transport/wire-error.ts'

/** What a test may bring; it stays the test's to close. */
export type Given = { store?: Store; bus?: Bus; channels?: PubSub; logTo?: { write(line: string): void } }

export type Server = AsyncDisposable & {
  /** `http://host:port`, as a browser on this machine reaches it. */
  url: string
  port: number
  rooms: Rooms
  store: Store
  metrics: Metrics
  /** Where `/metrics` is; null: on the main port, for this machine. */
  metricsPort: number | null
  /** Tells this node's clients of the market something, and nobody else's. */
  market: MarketBroadcasts
  /** Every route and socket beside the procedures, and who may use it. */
  doors: { rest: readonly RestDoor[]; sockets: readonly { path: string; access: SocketAccess }[] }
  /** The database was made by this start. */
  isNewDatabase: boolean
  /** Resolves when an operator restored the database: what this server remembers is wrong then, and it has to be opened anew. */
  restored: Promise<void>
  /**
   * Not ready and no new sockets; clients told to come back, one after the other over so many seconds; what is being answered is
   * answered; then closed.
   */
  drain(seconds?: number): Promise<void>
}

/** How often what may be over by now is looked at: tokens, and bodies that are still to come. */
const TICK_MS = 1_000
/** A page that leads nowhere is known as one after 6 to 8 s, and its connection is let go after half a minute. */
const PAGES_ALIVE = { periodMs: 2_000, doubtAfter: 2, dropAfter: 12 }
/** A program may be busy, and is asked by the protocol's own pings. */
const PROGRAMS_ALIVE = { periodMs: 12_000 }

const webRoot = fileURLToPath(new URL('../../web/dist', import.meta.url))

/** Opens the parts in order and closes them in reverse, also after a start that failed half-way. */
export async function openServer(config: Config, given: Given = {}): Promise<Server> {
  await using opened = new AsyncDisposableStack()
  const scope = new CallScope()
  const log = createLog({ level: config.LOG_LEVEL, scope, to: given.logTo })
  const database =
    given.store ?? opened.use(await openStore({ databaseUrl: config.DATABASE_URL, dataDir: config.DATA_DIR }))
  const watch = opened.use(await RestoreWatch.open(database))
  if (database.condition) opened.use(new DatabaseWatch(database.condition, log))
  const failed = (error: unknown) => log.warn({ err: error }, 'trouble')
  const agentFor = agentsFrom(config, failed)
  const messages = given.bus ?? opened.use(openBus({ natsUrl: config.NATS_URL, name: 'tablecast', failed }))
  const node = randomUUID().slice(0, 8)
  const traces = opened.use(
    await openTraces({
      endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
      serviceName: config.OTEL_SERVICE_NAME,
      node,
      failed: (error) => log.warn({ err: error }, 'the collector of traces can not be reached'),
    }),
  )
  const openChannels = () =>
    [hub, presence, narrating, feeds, topics, signals, market.live].flatMap(({ channels: all }) => [...all])
  const ticker = opened.use(new Ticker({ periodMs: TICK_MS }))
  const bodies = new Bodies({
    maxBytes: config.MAX_BODY_BYTES,
    maxBytesInFlight: config.MAX_BODY_BYTES_IN_FLIGHT,
    maxBytesInFlightPerAddress: config.MAX_BODY_BYTES_IN_FLIGHT_PER_IP,
    graceMs: config.BODY_TIMEOUT * 1_000,
    ticker,
    refused: (reason) => telemetry.refusedUpgrade(reason),
  })
  const metrics: Metrics = new Metrics({
    node,
    readiness: () => health.readiness,
    connections: () => ({
      trpc: trpcSockets.server.clients.size,
      plain: plain.sockets.clients.size,
      socketio: plain.socketIo?.count ?? 0,
    }),
    channels: openChannels,
    bodyBytes: () => bodies.bytesInFlight,
    bus: messages,
    redis: () => channels,
    database,
    feeds: () => signals.status(),
    market: () => market.status(),
    fannedOut: (stage, ms) => traces.done('fan-out', ms, { 'tablecast.stage': stage }),
  })
  const { observe } = metrics
  const telemetry = new Telemetry({ log, metrics, scope, traces })
  const store = measuredStore(database, telemetry)
  const bus = measuredBus(messages, telemetry)
  const others = new NodeChannel({ bus, failed })
  const audit = new Audit({ store, log })
  const access = opened.use(
    new RoomAccess({
      others,
      members: (roomId) => rooms.members(roomId),
      removed: (roomId, userId) => presence.remove(roomId, userId),
    }),
  )
  const nodes = opened.use(
    new NodeEvents({
      bus,
      heads: (ids) => store.read(({ streams: log }) => log.heads(ids)),
      observe,
      mayGoOut: (streamId, count) => access.ensure(roomOfStream(streamId) ?? '', count),
      failed,
    }),
  )
  const { hub } = nodes
  const streams = new Streams()
  const maxBufferedBytes = config.MAX_BUFFERED_BYTES

  const orchestrator = new Orchestrator({
    store,
    narrator: createScribe({ dice: cryptoDice() }),
    broadcaster: {
      broadcast: (event) => nodes.broadcast(event),
      unsure: (streamIds) => nodes.lookAgain(streamIds),
    },
  })
  const narrating: NarratingLive = opened.use(
    new NarratingLive({
      others,
      current: (roomId) => narration.current(roomId),
      stop: (roomId, turnId) => narration.stopHere(roomId, turnId),
      observe,
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
      reasoning: config.LLM_REASONING,
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
  const live = new CampaignLive(hub, orchestrator, access)
  const feeds = new PlainFeeds(live, orchestrator, observe)
  const presence: PresenceBoard = new PresenceBoard(live, opened.use(new PresenceLink(others)), observe)
  opened.defer(() => presence.close())
  const rooms: Rooms = new Rooms({
    store,
    maxMembers: config.MAX_MEMBERS_PER_ROOM,
    maxOwned: config.MAX_ROOMS_PER_USER,
    audit,
    changed: (change) => access.tell(change),
  })
  const scenarios = opened.use(
    new ScenarioReader({ seconds: config.SCENARIO_SECONDS, read: (outcome) => metrics.scenario(outcome), failed }),
  )
  const followers = new KeyedCount(config.MAX_SOCKETS_PER_ROOM)
  const roomStreams = new RoomStreams({ rooms, access, followers, maxBufferedBytes })
  const names = new ClientNames()
  const account = auth0(config)
  const connections = opened.use(new UserConnections({ others, max: config.MAX_SOCKETS_PER_USER }))
  const secret = config.SESSION_SECRET ?? sessionSecret(config.DATA_DIR)
  const auth = new Auth({
    store,
    guests: new GuestTokens(secret),
    admitsGuests: admitsGuests(config),
    accounts: account && new Auth0Tokens(account),
    audit,
    moveSeats: (from, to) => moveSeats({ rooms, orchestrator, access }, from, to),
    endConnections: (userId) => connections.end(userId),
  })
  const expiry = new Expiry({ ticker })
  const tickets = new Tickets(store, auth)
  await ensureSampleRoom(store, orchestrator)
  opened.use(
    startPruning(store, { auditDays: config.AUDIT_KEEP_DAYS }, (error) => log.error({ err: error }, 'pruning failed')),
  )
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

  const apiKeys = opened.use(
    new ApiKeys({
      store,
      others,
      streams,
      messagesPerSecond: config.KEY_MESSAGES_PER_SECOND,
      secretFor: (ownerId, key) =>
        createHmac('sha256', secret)
          .update(JSON.stringify(['api-key', ownerId, key]))
          .digest(),
    }),
  )
  const signals = opened.use(
    new Signals({
      bus,
      feeds: config.SIGNALS_FEEDS,
      areNamed: namesFeeds(config),
      consumer: config.SIGNALS_CONSUMER ?? (config.NATS_URL && config.DATABASE_URL ? 'broadcast' : 'durable'),
      observe,
      skipped: (name) => log.warn({ feed: name }, 'a payload that is no JSON was skipped'),
    }),
  )
  const [demoFeed] = config.SIGNALS_FEEDS
  if (config.SIGNALS_DEMO && isAlone(bus) && demoFeed) {
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
      observe,
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
    // Of what is told; presence and a narrator at work go along with it.
    subscribers: () =>
      countSubscribers([hub, feeds, topics, signals, market.live].flatMap(({ channels: all }) => [...all])),
    lastMessageAt: () => [nodes.lastAt, topics.lastAt, market.lastAt()],
  })
  // Where it listens is known only once it does.
  const nodeName = () => `${hostname()}:${(http.server.address() as AddressInfo | null)?.port ?? config.PORT}`
  const roomLoads = new RoomLoads({
    followers: () => followers.entries(),
    channels: () => hub.channels,
    nameOf: (id) => store.read(async ({ rooms: rows }) => (await rows.get(id))?.name ?? null),
    failed,
  })
  const slowClients = new SlowClients({ channels: openChannels, names })
  const nodeReports = opened.use(
    new NodeReports({
      bus,
      nodeId: node,
      name: nodeName,
      version,
      measure: async () => ({
        sample: await metrics.sample(),
        rooms: roomLoads.measure(),
        slow: slowClients.measure(),
      }),
      failed,
    }),
  )
  const dependencies = opened.use(
    new Dependencies({
      node: nodeName,
      secrets: secretsOf(config),
      probes: [
        databaseProbe(store),
        channelsProbe('Bus', bus),
        channelsProbe('Channels of the market', channels),
        ...config.SIGNALS_FEEDS.map((feed) =>
          feedProbe(feed, () => signals.status().find(({ name }) => name === feed.name)),
        ),
        ...(account ? [accountsProbe(account)] : []),
        ...(described ? [modelProbe(described, config.LLM_API_KEY)] : []),
      ],
    }),
  )
  const router = createRouter({
    isOperator: (userId) => isOperator(config, userId),
    nodeReports,
    dependencies,
    auth,
    signIn: { guests: admitsGuests(config), account },
    rooms,
    audit,
    inviteAttempts: new KeyedBuckets(config.INVITE_ATTEMPTS_PER_MINUTE, config.INVITE_ATTEMPTS_PER_MINUTE / 60),
    roomStreams,
    scenarios,
    orchestrator,
    narration,
    narrating,
    live,
    presence,
    access,
    arena: arena.sessions,
    arenaLive: arena.live,
    signals,
    topics,
    apiKeys,
    market,
    streams,
    health,
    telemetry,
    maxBufferedBytes,
    compatAuth: compatAuth(config),
  })

  const addressOf = createAddressOf(config.TRUSTED_PROXIES)
  const calls = new CallsInFlight()
  /** The streams of events over HTTP, by what ends them. */
  const httpStreams = new Set<() => void>()
  const caps = {
    callsPerSecond: config.CALLS_PER_SECOND,
    maxCallsInFlight: config.MAX_CALLS_IN_FLIGHT,
    maxSubscriptions: config.MAX_SUBSCRIPTIONS_PER_SOCKET,
    addressCalls: new KeyedBuckets(config.CALLS_PER_SECOND_PER_IP * 2, config.CALLS_PER_SECOND_PER_IP),
  }
  /** The session of whoever sends this token, until `whenClosed` calls back. Throws UNAUTHORIZED, RATE_LIMITED. */
  const sessionFor = async (token: unknown, whenClosed: (work: () => void) => void) => {
    try {
      const text = typeof token === 'string' && token !== '' ? token : null
      const session = new CallerSession(text === null ? null : await auth.identify(text), expiry)
      whenClosed(connections.add(session))
      return { session, token: text }
    } catch (error) {
      const { code, message } = toWireError(error)
      throw new TRPCError({ code: errorKinds[code].trpc, message, cause: error })
    }
  }

  const origins = new Set(config.ALLOWED_ORIGINS)
  const isAllowedOrigin = (origin: string) => origins.has(origin)
  // A page of a stranger's can have its own name point here, and would then speak to us as one of ours (DNS rebinding).
  const { HOST, PUBLIC_URL } = config
  const isHere = isLoopback(HOST) || (PUBLIC_URL !== undefined && isLoopback(new URL(PUBLIC_URL).hostname))
  const isForAll = compatAuth(config) === 'open' && isHere
  const hosts = isForAll ? loopbackNames(config) : null
  const plain = plainEndpoints({
    config,
    auth,
    tickets,
    connections,
    expiry,
    names,
    streams,
    keepAlive: opened.use(new KeepAlive(PROGRAMS_ALIVE)),
    addressOf,
    calls,
    campaign: {
      rooms,
      audit,
      orchestrator,
      narration,
      live,
      feeds,
      presence,
      access,
      roomStreams,
    },
    arena,
    topics,
    apiKeys,
    signals,
    market,
    store,
    telemetry,
    isAllowedOrigin,
  })
  const {
    app: http,
    doors,
    gate,
  } = await createHttp({
    config,
    router,
    telemetry,
    version,
    isDraining: () => health.readiness === 'draining',
    signInOrigin: account && originOf(account.domain),
    bodies,
    largeBodyOf: largeBodyOf({ auth, rooms }, largeBodyBytes(config)),
    rest: [
      ...plain.rest,
      (app) =>
        opsHttp(app, {
          health,
          metrics: config.METRICS_PORT === undefined ? metrics : null,
          isBehindProxy: isBehindProxy(config),
        }),
    ],
    raw: plain.socketIo && { path: SOCKET_IO_PATH, handle: (...both) => plain.socketIo?.handle(...both) },
    webRoot,
    isAllowedHost: (host) => hosts === null || host === '' || hosts.has(nameIn(host)),
    createContext: async ({ req, res, info }) => {
      if (info.type === 'subscription') {
        const end = () => void res.raw.destroy()
        httpStreams.add(end)
        res.raw.once('close', () => httpStreams.delete(end))
      }
      return {
        ...(await sessionFor(bareToken(req.headers.authorization) ?? info.connectionParams?.['token'], (work) =>
          // Gone already while the token was looked at.
          res.raw.closed ? work() : void res.raw.once('close', work),
        )),
        // The requests of an address are counted together, before they come here.
        limits: new ConnectionLimits({ caps, address: null }),
        address: limitKey(req.ip),
        ids: { requestId: req.id },
        longEntries: req.longEntries,
        inputText: (index) =>
          typeof req.body === 'string' ? jsonPart(req.body, info.isBatchCall ? [String(index)] : []) : null,
        // Nothing can be asked over HTTP.
        whenSilent: () => () => {},
      }
    },
  })
  opened.defer(() => {
    http.server.closeAllConnections()
    return http.close()
  })
  // Closing the server waits for its sockets.
  if (plain.socketIo) opened.use(plain.socketIo)

  const socketLimits = new WeakMap<WebSocket, ConnectionLimits>()
  const trpcSockets = createTrpcSocketServer({
    router,
    maxFrameBytes: config.MAX_FRAME_BYTES,
    callsPerSecond: config.CALLS_PER_SECOND,
    keepAlive: opened.use(new KeepAlive(PAGES_ALIVE)),
    async createContext({ socket, request, params, connectionId, whenClosed, whenSilent }) {
      const address = addressOf(request)
      const began = () => {
        const end = calls.begin(socket)
        // Its answer is written in the same turn of the loop.
        return () => void setImmediate(end)
      }
      const limits = new ConnectionLimits({ caps, address, began })
      socketLimits.set(socket, limits)
      const known = await sessionFor(params?.['token'], whenClosed)
      names.set(socket, known.session)
      // Streams tell their clients themselves; what is left of the connection ends after that.
      whenClosed(known.session.onExpiry(() => setTimeout(() => closeFor(socket, 'UNAUTHORIZED'), 500)))
      const { identity } = known.session
      const ids = { connectionId, ...(identity && { userId: identity.userId }) }
      return { ...known, limits, address, ids, whenSilent } satisfies Context
    },
    onError: ({ error, path, input, ids }) =>
      telemetry.errorReturned(error, wireErrorOf(error).code, { ...askedOf(path, input), ...ids }),
    onOpen: (ids) => telemetry.connected(ids, 'trpc'),
    onClose: (reason, ids) => telemetry.disconnected(reason, ids),
  })
  const trpcSocket: Take = (request, socket, head) =>
    trpcSockets.server.handleUpgrade(request, socket, head, (client) =>
      trpcSockets.server.emit('connection', client, request),
    )
  const upgrades = new Upgrades(http.server, {
    addressOf,
    isHeld: (socket) => gate.isHeld(socket),
    isAllowedOrigin: (origin, path) =>
      isAllowedOrigin(origin) || (path === SOCKET_IO_PATH && allowsCors(config, origin)),
    maxSockets: config.MAX_SOCKETS,
    maxSocketsPerAddress: config.MAX_SOCKETS_PER_IP,
    refused: (reason) => telemetry.refusedUpgrade(reason),
    route: (path) => (path === '/trpc' ? trpcSocket : plain.route(path)),
  })
  const idleMs = config.IDLE_TIMEOUT * 1_000
  const lookingForIdle = setInterval(
    () => {
      for (const client of trpcSockets.server.clients)
        if ((socketLimits.get(client)?.idleMs ?? 0) > idleMs) closeWith(client, 1000, 'idle')
    },
    Math.min(idleMs / 4, 5_000),
  )
  opened.defer(() => clearInterval(lookingForIdle))
  opened.defer(() => {
    for (const client of [...trpcSockets.server.clients, ...plain.sockets.clients]) client.terminate()
  })

  const metricsPort =
    config.METRICS_PORT === undefined
      ? null
      : opened.use(await openMetricsPort({ metrics, host: config.HOST, port: config.METRICS_PORT }))
  // After a restart everybody comes at once: with Node's own 511 the kernel turns some away.
  await http.listen({ port: config.PORT, host: config.HOST, backlog: 4_096 }).catch((error: unknown) => {
    throw notListening(error, config)
  })
  const { port, address } = http.server.address() as AddressInfo
  for (const origin of ownOrigins(config, port)) origins.add(origin)
  health.readiness = 'ready'
  log.debug({ port }, 'listening')

  const owned = opened.move()
  return {
    url: config.PUBLIC_URL ?? `http://${reachable(config.HOST, address)}:${port}`,
    port,
    rooms,
    store,
    metrics,
    metricsPort: metricsPort?.port ?? null,
    market: market.broadcasts,
    isNewDatabase: database.condition?.isNew ?? false,
    restored: watch.restored,
    doors: {
      rest: doors(),
      sockets: [
        { path: '/trpc', access: 'procedure' },
        ...plain.doors.map(({ path, access: who }) => ({ path, access: who })),
      ],
    },
    async drain(seconds = config.DRAIN_SECONDS) {
      health.readiness = 'draining'
      upgrades.isOpen = false
      if (plain.socketIo) plain.socketIo.isOpen = false
      const spreadMs = seconds * 1_000
      await Promise.all([
        sendElsewhere({
          trpc: trpcSockets.server.clients,
          plain: plain.sockets.clients,
          streams: [...httpStreams, ...(plain.socketIo?.connections ?? [])],
          calls,
          spreadMs,
        }),
        // Where there are other nodes, a balancer has to notice before nothing answers any more.
        config.DATABASE_URL ? pause(spreadMs) : null,
      ])
      await plain.socketIo?.[Symbol.asyncDispose]()
      for (const end of httpStreams) end()
      // Also those whose handshake was under way when it began.
      const late = setInterval(() => {
        for (const client of [...trpcSockets.server.clients, ...plain.sockets.clients])
          closeWith(client, 1012, 'restarting')
      }, 100)
      await answerTheRest(http).finally(() => clearInterval(late))
      await owned.disposeAsync()
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Requests that have begun have so long when a server drains; less than its process waits for the whole. */
const ANSWER_MS = 5_000

/** No new connections; resolves when the requests that have begun are answered. */
async function answerTheRest(http: FastifyInstance): Promise<void> {
  // A connection becomes idle with its last answer, and nobody else would close it then.
  const closing = setInterval(() => http.server.closeIdleConnections(), 50)
  // A connection that never asked for anything is none that is idle.
  const giveUp = setTimeout(() => http.server.closeAllConnections(), ANSWER_MS)
  await http.close()
  clearInterval(closing)
  clearTimeout(giveUp)
}

/** Where the server's own pages come from. */
function ownOrigins(config: Config, port: number): string[] {
  const hosts = isLoopback(config.HOST)
    ? ['127.0.0.1', 'localhost', '[::1]']
    : [inUrl(config.HOST), '127.0.0.1', 'localhost', '[::1]', ...lanAddresses(config.HOST)]
  return [
    ...hosts.map((host) => `http://${host}:${port}`),
    ...(config.PUBLIC_URL ? [new URL(config.PUBLIC_URL).origin] : []),
  ]
}

/** As it stands in an address: RFC 3986 wants brackets around IPv6. */
const inUrl = (host: string) => (isIPv6(host) ? `[${host}]` : host)

/** How this machine reaches what listens on `host`, which became `address`. */
function reachable(host: string, address: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return inUrl(isLoopback(host) ? address : host)
}

/** An error of the start in words that name the setting: nearly always HOST or PORT. */
function notListening(error: unknown, { HOST, PORT }: Config): unknown {
  const code = (error as { code?: unknown }).code
  if (code === 'EADDRINUSE')
    return new ConfigError(`PORT: ${PORT} is in use on ${HOST}: choose another, or stop what uses it`)
  if (code === 'EACCES') return new ConfigError(`PORT: this user may not listen on ${PORT}: choose one above 1023`)
  if (typeof code === 'string' && /^(EADDRNOTAVAIL|ENOTFOUND|EAI_|EINVAL|EAFNOSUPPORT)/.test(code))
    return new ConfigError(`HOST: ${HOST} is no address of this machine (${code})`)
  return error
}

const loopbackNames = ({ HOST, PUBLIC_URL }: Config): Set<string> =>
  new Set(['127.0.0.1', 'localhost', '[::1]', inUrl(HOST), ...(PUBLIC_URL ? [new URL(PUBLIC_URL).hostname] : [])])

const nameIn = (host: string) => host.replace(/:\d+$/, '').toLowerCase()
