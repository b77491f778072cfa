// The entries for clients: HTTP, tRPC sockets, plain sockets and a stage's own transport. Also sends the clients of a node that stops
// to other nodes.
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { errorKinds } from '@tablecast/contracts'
import { type AnyTRPCRouter, TRPCError } from '@trpc/server'
import type { FastifyInstance } from 'fastify'
import { originOf } from './auth/auth0.ts'
import { signOutHttp, ticketsHttp } from './auth/http.ts'
import { admitsGuests, allowsCors, auth0, plainAuthMode, type Config, isBehindProxy } from './config.ts'
import type { Host } from './host.ts'
import { Bodies } from './http/bodies.ts'
import { callIdsOf, createHttp, type RestEndpoint } from './http/http.ts'
import { closeGracefully, listen } from './http/listen.ts'
import { joinPage } from './http/join-page.ts'
import { hostCheck, networkOrigins } from './http/own-names.ts'
import { largeBodyBytes, largeBodyOf } from './large-bodies.ts'
import { opsHttp } from './ops/http.ts'
import type { Ops } from './ops/index.ts'
import { openMetricsPort } from './ops/metrics-http.ts'
import { version } from './ops/version.ts'
import type { SocketAccess, Stage } from './stage.ts'
import { Arrivals } from './transport/arrivals.ts'
import { bareToken } from './transport/bearer.ts'
import { CallerSession } from './transport/caller-session.ts'
import { limitKey } from './transport/client-address.ts'
import { closeWith } from './transport/close-socket.ts'
import { ConnectionLimits } from './transport/connection-limits.ts'
import { moveConnections } from './transport/drain.ts'
import { jsonPart } from './transport/json-text.ts'
import { KeepAlive } from './transport/keep-alive.ts'
import { callRate, KeyedBuckets } from './transport/limits.ts'
import { TrpcSockets } from './transport/trpc-socket.ts'
import { Upgrades } from './transport/upgrade.ts'
import { toWireError } from './transport/wire-error.ts'
import { type Context, wireErrorOf } from './trpc.ts'

export type EndpointsDeps = { config: Config; ops: Ops; host: Host; stages: readonly Stage[]; router: AnyTRPCRouter }

export type Endpoints = AsyncDisposable & {
  /** PUBLIC_URL, or else `http://host:port` as a browser on this machine reaches it. */
  url: string
  port: number
  /** The port of `/metrics`; null where it is on the main port, for callers on this machine. */
  metricsPort: number | null
  rest: readonly RestEndpoint[]
  sockets: readonly { path: string; access: SocketAccess }[]
  /** Refuses new sockets, asks clients to reconnect at moments spread over `seconds`, and answers the calls that are under way. */
  sendAway(seconds: number): Promise<void>
}

/** A page that does not answer is marked as silent after 6 to 8 s, and its connection is dropped after half a minute. */
const PAGES_ALIVE = { periodMs: 2_000, doubtAfter: 2, dropAfter: 12 }
const webRoot = fileURLToPath(new URL('../../web/dist', import.meta.url))

export async function openEndpoints({ config, ops, host, stages, router }: EndpointsDeps): Promise<Endpoints> {
  const { telemetry, metrics, health, log } = ops
  const { auth, rooms, names, calls, connections, ticker, origins, plainEndpoints } = host
  const { addressOf } = plainEndpoints.deps
  await using opened = new AsyncDisposableStack()
  const isClosed = plainAuthMode(config) === 'off'
  const socketRoutes = isClosed ? [] : stages.flatMap((stage) => stage.sockets)
  const polling = isClosed ? [] : stages.flatMap((stage) => stage.polling ?? [])
  const account = auth0(config)
  const bodies = new Bodies({
    maxBytes: config.MAX_BODY_BYTES,
    maxBytesInFlight: config.MAX_BODY_BYTES_IN_FLIGHT,
    maxBytesInFlightPerAddress: config.MAX_BODY_BYTES_IN_FLIGHT_PER_IP,
    graceMs: config.BODY_TIMEOUT * 1_000,
    ticker,
    refused: (reason) => telemetry.refusedUpgrade(reason),
  })
  /** A function for each event stream over HTTP that ends it. */
  const httpStreams = new Set<() => void>()
  const caps = {
    calls: callRate(config.CALLS_PER_SECOND),
    maxCallsInFlight: config.MAX_CALLS_IN_FLIGHT,
    maxSubscriptions: config.MAX_SUBSCRIPTIONS_PER_SOCKET,
    addressCalls: new KeyedBuckets(config.CALLS_PER_SECOND_PER_IP * 2, config.CALLS_PER_SECOND_PER_IP),
  }
  const sessionFor = sessionsOf(host)
  const { app, routes, gate } = await createHttp({
    config,
    router,
    telemetry,
    version,
    isDraining: () => health.readiness === 'draining',
    signInOrigin: account && originOf(account.domain),
    bodies,
    largeBodyOf: largeBodyOf({ auth, rooms }, largeBodyBytes(config)),
    rest: [
      ...(isClosed ? [] : [(to: FastifyInstance) => ticketsHttp(to, host), ...stages.flatMap(({ rest }) => rest)]),
      ...stages.flatMap(({ pageRest }) => pageRest ?? []),
      (to) => signOutHttp(to, host),
      (to) =>
        opsHttp(to, {
          health,
          metrics: config.METRICS_PORT === undefined ? metrics : null,
          isBehindProxy: isBehindProxy(config),
        }),
    ],
    raw: polling,
    webRoot,
    joinPage: joinPage({
      invitedTo: (code, address) => host.inviteAttempts.run(address, () => rooms.invites.roomNameOf(code)),
      page: () => readFile(`${webRoot}/join.html`, 'utf8'),
      admitsGuests: admitsGuests(config),
    }),
    isAllowedHost: hostCheck(config),
    createContext: async ({ req, res, info }) => {
      if (info.type === 'subscription') {
        const end = () => void res.raw.destroy()
        httpStreams.add(end)
        res.raw.once('close', () => httpStreams.delete(end))
      }
      const { session, token } = await sessionFor(
        bareToken(req.headers.authorization) ?? info.connectionParams?.['token'],
      )
      const release = () => connections.remove(session)
      // The client may have disconnected while the token was verified.
      if (res.raw.closed) release()
      else res.raw.once('close', release)
      return {
        session,
        token,
        // The rate limit of `createHttp` already counts the requests of an address.
        limits: new ConnectionLimits({ caps, address: null }),
        address: limitKey(req.ip),
        ids: { requestId: req.id },
        longEntries: req.longEntries,
        inputText: (index) =>
          typeof req.body === 'string' ? jsonPart(req.body, info.isBatchCall ? [String(index)] : []) : null,
        // An HTTP client can not be asked whether it is still there.
        whenSilent: () => () => {},
      }
    },
  })
  opened.defer(() => {
    app.server.closeAllConnections()
    return app.close()
  })
  // Disposed before the server, whose close waits for these sockets.
  for (const endpoint of polling) opened.use(endpoint)

  const arrivals = new Arrivals(config.MAX_ARRIVALS_AT_ONCE)
  const trpcSockets = new TrpcSockets({
    router,
    maxFrameBytes: config.MAX_FRAME_BYTES,
    callsPerSecond: config.CALLS_PER_SECOND,
    keepAlive: opened.use(new KeepAlive(PAGES_ALIVE)),
    calls,
    arrivals,
    async createContext({ socket, request, params, connectionId, watcher }) {
      const address = addressOf(request)
      const limits = new ConnectionLimits({ caps, address })
      const { session, token } = await sessionFor(params?.['token'])
      names.set(socket, session)
      session.watch(watcher)
      const { identity } = session
      const ids = identity ? { connectionId, userId: identity.userId } : { connectionId }
      return { session, token, limits, address, ids } satisfies Omit<Context, 'whenSilent'>
    },
    release({ session }) {
      session.close()
      connections.remove(session)
    },
    onError: ({ error, path, input, ids }) =>
      telemetry.errorReturned(error, wireErrorOf(error).code, { ...callIdsOf(path, input), ...ids }),
    onOpen: (ids) => telemetry.connected(ids, 'trpc'),
    onClose: (reason, ids) => telemetry.disconnected(reason, ids),
  })
  const upgrades = new Upgrades(app.server, {
    addressOf,
    gate,
    isAllowedOrigin: (origin, path) =>
      origins.has(origin) || (polling.some((endpoint) => endpoint.path === path) && allowsCors(config, origin)),
    maxSockets: config.MAX_SOCKETS,
    maxSocketsPerAddress: config.MAX_SOCKETS_PER_IP,
    refused: (reason) => telemetry.refusedUpgrade(reason),
    route: (path) =>
      path === '/trpc'
        ? (request, socket, head) => trpcSockets.accept(request, socket, head)
        : (socketRoutes.find((route) => isPathOf(route.path, path))?.handler ?? null),
  })
  const idleMs = config.IDLE_TIMEOUT * 1_000
  const closingIdle = setInterval(
    () => {
      for (const [client, { limits }] of trpcSockets.known())
        if (limits.idleMs > idleMs) closeWith(client, 1000, 'idle')
    },
    Math.min(idleMs / 4, 5_000),
  )
  opened.defer(() => clearInterval(closingIdle))
  const webSockets = () => [...trpcSockets.clients, ...plainEndpoints.clients]
  opened.defer(() => {
    for (const client of webSockets()) client.terminate()
  })
  health.watch({ connections: () => upgrades.count })
  metrics.watch({
    bodyBytes: () => bodies.bytesInFlight,
    arrivals: () => arrivals,
    connections: () => ({
      trpc: trpcSockets.clients.size,
      plain: plainEndpoints.clients.size,
      socketio: polling.reduce((sum, endpoint) => sum + endpoint.count, 0),
    }),
  })

  const metricsPort =
    config.METRICS_PORT === undefined
      ? null
      : opened.use(await openMetricsPort({ metrics, host: config.HOST, port: config.METRICS_PORT }))
  const { url, port, ownOrigins } = await listen(app, config)
  for (const origin of ownOrigins) origins.add(origin)
  for (const origin of networkOrigins(config, port)) host.networkOrigins.add(origin)
  health.readiness = 'ready'
  log.debug({ port }, 'listening')
  const owned = opened.move()
  return {
    url,
    port,
    metricsPort: metricsPort?.port ?? null,
    rest: routes(),
    sockets: [{ path: '/trpc', access: 'procedure' }, ...socketRoutes.map(({ path, access }) => ({ path, access }))],
    async sendAway(seconds) {
      health.readiness = 'draining'
      upgrades.isOpen = false
      for (const endpoint of polling) endpoint.isOpen = false
      const spreadMs = seconds * 1_000
      await Promise.all([
        moveConnections({
          trpc: trpcSockets.clients,
          plain: plainEndpoints.clients,
          streams: [...httpStreams, ...polling.flatMap(({ connections }) => connections)],
          calls,
          spreadMs,
        }),
        // With a shared database there may be other nodes. This one must answer until the balancer notices that it drains.
        config.DATABASE_URL ? pause(spreadMs) : null,
      ])
      for (const endpoint of polling) await endpoint[Symbol.asyncDispose]()
      for (const end of httpStreams) end()
      // Also closes sockets whose handshake was under way when the drain began.
      const late = setInterval(() => {
        for (const client of webSockets()) closeWith(client, 1012, 'restarting')
      }, 100)
      await closeGracefully(app).finally(() => clearInterval(late))
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** The session of the caller with this token. It counts until `connections.remove`. Throws UNAUTHORIZED, RATE_LIMITED. */
const sessionsOf =
  ({ auth, connections, plainEndpoints }: Pick<Host, 'auth' | 'connections' | 'plainEndpoints'>) =>
  async (token: unknown): Promise<Pick<Context, 'session' | 'token'>> => {
    try {
      const text = typeof token === 'string' && token !== '' ? token : null
      const identity = text === null ? null : await auth.identify(text)
      const session = new CallerSession(identity, plainEndpoints.deps.expiry)
      connections.add(session)
      // Only an account signs in with its token, and a token is long: it would stay in memory for as long as the connection.
      return { session, token: identity?.kind === 'account' ? text : null }
    } catch (error) {
      const { code, message } = toWireError(error)
      throw new TRPCError({ code: errorKinds[code].trpc, message, cause: error })
    }
  }

const isPathOf = (pattern: string, path: string): boolean =>
  pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
