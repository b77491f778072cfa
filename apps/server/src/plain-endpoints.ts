// What programs use without tRPC: plain WebSockets and REST of every stage, and who is let in there.
import type { IncomingMessage } from 'node:http'
import { errorKinds, isArenaId, TablecastError } from '@tablecast/contracts'
import type { Store } from '@tablecast/store'
import type { Duplex } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { WebSocket, type WebSocketServer } from 'ws'
import type { Auth } from './auth/auth.ts'
import { bareToken } from './transport/bearer.ts'
import { CallerSession, expired } from './transport/caller-session.ts'
import { ticketsHttp } from './auth/http.ts'
import type { Expiry } from './transport/expiry.ts'
import type { Identity } from './transport/identity.ts'
import type { Tickets } from './auth/tickets.ts'
import type { UserConnections } from './auth/user-connections.ts'
import { compatAuth, type Config } from './config.ts'
import { type CallIds, newConnectionId } from './transport/call-scope.ts'
import type { Telemetry } from './ops/telemetry.ts'
import { arenaHttp } from './stages/arena/http.ts'
import type { Arena } from './stages/arena/index.ts'
import { serveArenaSocket } from './stages/arena/socket.ts'
import { serveDmSocket } from './stages/campaign/dm-socket.ts'
import { identify, type PlainParts, type PlainPerson } from './stages/campaign/plain-socket-parts.ts'
import { servePlayerSocket } from './stages/campaign/player-socket.ts'
import { marketHttp } from './stages/market/http.ts'
import type { MarketStage } from './stages/market/index.ts'
import { MarketSocketIo, SOCKET_IO_PATH } from './stages/market/socket-io.ts'
import type { Signals } from './stages/signals/signals.ts'
import { serveSignalSocket } from './stages/signals/socket.ts'
import { ApiKeys, person } from './stages/topics/api-keys.ts'
import { topicsHttp } from './stages/topics/http.ts'
import { serveTopicSocket } from './stages/topics/socket.ts'
import type { Topics } from './stages/topics/topics.ts'
import { withAccess, type RestAccess } from './http/rest.ts'
import type { CallsInFlight } from './transport/calls-in-flight.ts'
import type { AddressOf } from './transport/client-address.ts'
import type { ClientNames } from './transport/client-names.ts'
import { closeFor, closeWith, endingOf } from './transport/close-for.ts'
import { type KeepAlive, PingedSocket } from './transport/keep-alive.ts'
import { sendError } from './transport/plain-socket.ts'
import type { Streams } from './transport/streams.ts'
import { refuse, type Take } from './transport/upgrade.ts'
import { openWebSocketServer } from './transport/web-socket-server.ts'
import { toWireError } from './transport/wire-error.ts'

export type PlainEndpointParts = {
  config: Config
  auth: Auth
  tickets: Tickets
  connections: UserConnections
  expiry: Expiry
  keepAlive: KeepAlive
  names: ClientNames
  streams: Streams
  campaign: Omit<PlainParts, 'maxBufferedBytes' | 'messagesPerSecond' | 'calls'>
  arena: Arena
  topics: Topics
  apiKeys: ApiKeys
  signals: Signals
  market: MarketStage
  store: Store
  telemetry: Telemetry
  isAllowedOrigin(origin: string): boolean
  addressOf: AddressOf
  calls: CallsInFlight
}

/** `member`, `dm`: in the room that is asked for. `compat`: everyone where COMPAT_AUTH is open, else who is signed in. */
export type SocketAccess = RestAccess | 'member' | 'dm'

export type PlainEndpoints = {
  sockets: WebSocketServer
  /** What takes a socket of that path over; null when it is none of these. */
  route(path: string): Take | null
  /** Every path (a final `*` stands for an id), and who may open it. */
  doors: readonly { path: string; access: SocketAccess }[]
  rest: readonly ((app: FastifyInstance) => void)[]
  /** Socket.IO, which polls over HTTP as well; null where it is not served. */
  socketIo: MarketSocketIo | null
}

/** Null where everyone is let in and no token was sent. */
type Caller = Identity | null
/** `roomId`: where the socket is one room's. */
type Identified<C> = { identity: Caller; caller: C; roomId?: string }

const ARENA = '/ws/arena/'
const STREAM = '/ws/stream/'
/** So long may it take until it is known who connects. */
const AUTHENTICATE_MS = 5_000

export function plainEndpoints(parts: PlainEndpointParts): PlainEndpoints {
  const { config, auth, tickets, connections, names, keepAlive, arena, topics, apiKeys, signals, market, telemetry } =
    parts
  const mode = compatAuth(config)
  const sockets = openWebSocketServer({
    noServer: true,
    maxPayload: config.MAX_FRAME_BYTES,
    perMessageDeflate: false,
    allowSynchronousEvents: false,
  })
  if (mode === 'off') return { sockets, route: () => null, doors: [], rest: [], socketIo: null }
  const limits = {
    maxBufferedBytes: config.MAX_BUFFERED_BYTES,
    messagesPerSecond: config.CALLS_PER_SECOND,
    calls: parts.calls,
  }

  /** Without a token only where the operator lets everyone in. */
  const callerOf = async (token: string | null): Promise<Caller> => {
    const identity = token ? await auth.verify(token) : null
    if (!identity && (token || mode !== 'open')) throw new TablecastError('UNAUTHORIZED', 'a valid token is needed')
    if (identity) telemetry.know({ userId: identity.userId })
    return identity
  }
  const personOf = (identity: Caller) => ({ userId: identity?.userId ?? null, name: identity?.name ?? null })
  /** Where everyone is let in, everyone may edit. */
  const marketCallerOf = async (token: string | null) => {
    const caller = personOf(await callerOf(token))
    return { ...caller, isEditor: mode === 'open' || config.MARKET_EDITORS.includes(caller.userId ?? '') }
  }
  /** The same, and programs with an API key. */
  const topicCallerOf = async (token: string | null) =>
    token && ApiKeys.isKey(token) ? apiKeys.verify(token) : person((await callerOf(token))?.userId ?? null)
  const tokenOf = ({ headers }: IncomingMessage, url: URL) =>
    bareToken(headers.authorization ?? url.searchParams.get('token'))
  /** A ticket goes before everything else: who sends one means it. */
  const socketCallerOf = (request: IncomingMessage, url: URL): Promise<Caller> => {
    const ticket = url.searchParams.get('ticket')
    return ticket === null ? callerOf(tokenOf(request, url)) : tickets.take(ticket)
  }

  const turnDown = (socket: Duplex, status: string, reason: string) => {
    telemetry.refusedUpgrade(reason)
    refuse(socket, status)
  }

  // The functions from here on stand apart, so that nothing that a connection keeps holds the request that it came with.
  type Work = (client: WebSocket) => void | Promise<void>

  const attend = (client: WebSocket, known: CallIds, work: Work): void => {
    const ids = { connectionId: newConnectionId(), ...known }
    const leave = keepAlive.add(new PingedSocket(client))
    telemetry.connected(ids, 'plain')
    client.on('error', () => client.terminate())
    client.on('told', (error: unknown) =>
      telemetry.errorReturned(error, toWireError(error).code, { ...ids, transport: 'plain' }),
    )
    client.on('close', (code: number) => {
      leave()
      telemetry.disconnected(endingOf(client, code), ids)
    })
    telemetry.within(ids, async () => work(client)).catch((error: unknown) => turnAway(client, error))
  }

  const attending =
    <C>(identity: Caller, caller: C, serve: (client: WebSocket, caller: C) => void | Promise<void>): Work =>
    (client) => {
      keepWhileValid(client, identity)
      return serve(client, caller)
    }

  /**
   * A socket for whoever `identifyCaller` lets in. It asks before the handshake is complete, so that no frame comes before there is
   * somebody to hear it; who is refused is told over the socket, since a browser shows nothing of an HTTP answer.
   */
  const socketFor =
    <C>(
      identifyCaller: (request: IncomingMessage, url: URL) => Promise<Identified<C>>,
      serve: (client: WebSocket, caller: C) => void | Promise<void>,
    ): Take =>
    (request, socket, head, url) => {
      const late = setTimeout(() => turnDown(socket, '503 Service Unavailable', 'late'), AUTHENTICATE_MS)
      const complete = (known: CallIds, work: Work) => {
        clearTimeout(late)
        if (socket.destroyed || socket.writableEnded) return
        sockets.handleUpgrade(request, socket, head, (client) => attend(client, known, work))
      }
      identifyCaller(request, url).then(
        ({ identity, caller, roomId }) =>
          complete(
            { ...(identity && { userId: identity.userId }), ...(roomId && { roomId }) },
            attending(identity, caller, serve),
          ),
        (error: unknown) => complete({}, (client) => turnAway(client, error)),
      )
    }

  /** The connection counts as one of the user's, and ends with the token. Throws RATE_LIMITED. */
  const keepWhileValid = (client: WebSocket, identity: Caller): void => {
    const session = new CallerSession(identity, parts.expiry)
    const release = connections.add(session)
    names.set(client, session)
    const unwatch = session.onExpiry(() => {
      sendError(client, undefined, expired())
      closeFor(client, 'UNAUTHORIZED')
    })
    client.once('close', () => {
      unwatch()
      release()
    })
  }

  const byToken = async (request: IncomingMessage, url: URL) => {
    const identity = await socketCallerOf(request, url)
    return { identity, caller: identity }
  }

  const campaign: PlainParts = { ...parts.campaign, ...limits }
  const campaignSocket = (
    asks: 'dm' | 'player',
    serve: (all: PlainParts, client: WebSocket, found: PlainPerson) => Promise<void>,
  ): Take =>
    socketFor(
      async (request, url) => {
        const identity = await socketCallerOf(request, url)
        const caller = await identify(campaign, { identity, url }, asks)
        return { identity, caller, roomId: caller.roomId }
      },
      (client, found) => serve(campaign, client, found),
    )

  const arenaSocket: Take = (request, socket, head, url) => {
    const sessionId = url.pathname.slice(ARENA.length)
    if (!isArenaId(sessionId)) return turnDown(socket, '422 Unprocessable Content', 'bad_request')
    const serve = (client: WebSocket) => serveArenaSocket({ ...limits, live: arena.live }, client, sessionId)
    socketFor(byToken, serve)(request, socket, head, url)
  }

  const signalSocket: Take = (request, socket, head, url) => {
    const feed = url.pathname.startsWith(STREAM) ? url.pathname.slice(STREAM.length) : null
    if (signals.isEmpty || (feed !== null && !signals.has(feed))) return turnDown(socket, '404 Not Found', 'not_found')
    socketFor(byToken, (client) => serveSignalSocket({ ...limits, signals }, client, feed))(request, socket, head, url)
  }

  const topicSocket = socketFor(
    async (request, url) => {
      const token = tokenOf(request, url)
      // A key is no person: it is ended by its own revocation.
      if (token && ApiKeys.isKey(token)) return { identity: null, caller: await topicCallerOf(token) }
      const identity = await socketCallerOf(request, url)
      return { identity, caller: person(identity?.userId ?? null) }
    },
    (client, caller) =>
      serveTopicSocket(
        {
          ...limits,
          topics,
          streams: parts.streams,
          maxSubscriptions: config.MAX_SUBSCRIPTIONS_PER_SOCKET,
          slowConsumerMs: config.SLOW_CONSUMER_TIMEOUT * 1_000,
        },
        client,
        caller,
      ),
  )

  const socketIo = new MarketSocketIo({
    live: market.live,
    callerOf: ({ ticket, token }) => (ticket === null ? callerOf(token) : tickets.take(ticket)),
    connections,
    expiry: parts.expiry,
    names,
    isAllowedOrigin: parts.isAllowedOrigin,
    addressOf: parts.addressOf,
    corsOrigins: config.CORS_ORIGINS,
    maxFrameBytes: config.MAX_FRAME_BYTES,
    maxConnections: config.MAX_SOCKETS,
    maxConnectionsPerAddress: config.MAX_SOCKETS_PER_IP,
    maxScopes: config.MAX_SUBSCRIPTIONS_PER_SOCKET,
    telemetry,
    ...limits,
  })

  /** A final `*` stands for the rest of the path. */
  const doors: readonly { path: string; access: SocketAccess; take: Take }[] = [
    { path: '/ws/campaign/player', access: 'member', take: campaignSocket('player', servePlayerSocket) },
    { path: '/ws/campaign/dm', access: 'dm', take: campaignSocket('dm', serveDmSocket) },
    { path: '/ws/stream', access: 'compat', take: signalSocket },
    { path: '/ws', access: 'compat', take: topicSocket },
    { path: SOCKET_IO_PATH, access: 'compat', take: socketIo.take },
    { path: `${ARENA}*`, access: 'compat', take: arenaSocket },
    { path: `${STREAM}*`, access: 'compat', take: signalSocket },
  ]
  const takes = (path: string, door: string) =>
    door.endsWith('*') ? path.startsWith(door.slice(0, -1)) : path === door
  /** Found out once for a request, however often it is asked. */
  const once = <C>(find: (token: string | null) => Promise<C>) => {
    const found = new WeakMap<FastifyRequest, Promise<C>>()
    return (request: FastifyRequest) => {
      const finding = found.get(request) ?? find(bareToken(request.headers.authorization))
      found.set(request, finding)
      return finding
    }
  }
  const arenaCaller = once(async (token) => personOf(await callerOf(token)))
  const marketCaller = once(marketCallerOf)
  const topicCaller = once(topicCallerOf)
  return {
    sockets,
    route: (path) => doors.find((door) => takes(path, door.path))?.take ?? null,
    doors,
    rest: [
      (app) => ticketsHttp(app, { auth, tickets }),
      withAccess('compat', arenaCaller, (app) => arenaHttp(app, { sessions: arena.sessions, callerOf: arenaCaller })),
      withAccess('compat', marketCaller, (app) =>
        marketHttp(app, { market: market.rows, store: parts.store, callerOf: marketCaller }),
      ),
      withAccess('compat', topicCaller, (app) => topicsHttp(app, { topics, callerOf: topicCaller })),
    ],
    socketIo,
  }
}

function turnAway(client: WebSocket, error: unknown): void {
  sendError(client, undefined, error)
  const { code } = toWireError(error)
  // Who could not be looked at may come again; who was refused may not.
  closeWith(client, errorKinds[code].http === 503 ? 1013 : 1008, code)
}
