// What programs use without tRPC: plain WebSockets and REST of every stage, and who is let in there.
import type { IncomingMessage } from 'node:http'
import { isArenaId, TablecastError } from '@tablecast/contracts'
import type { Store } from '@tablecast/store'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { WebSocket, WebSocketServer } from 'ws'
import { bareToken } from './auth/bearer.ts'
import { compatAuth, type Config } from './config.ts'
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
import { sendError } from './transport/plain-socket.ts'
import { refuse, type Take } from './transport/upgrade.ts'
import { toWireError } from './wire-error.ts'

export type PlainEndpointParts = {
  config: Config
  campaign: Omit<PlainParts, 'compatAuth' | 'maxBufferedBytes' | 'messagesPerSecond'>
  arena: Arena
  topics: Topics
  apiKeys: ApiKeys
  signals: Signals
  market: MarketStage
  store: Store
  isAllowedOrigin(origin: string): boolean
}

export type PlainEndpoints = {
  sockets: WebSocketServer
  /** What takes a socket of that path over; null when it is none of these. */
  route(path: string): Take | null
  rest: readonly ((app: FastifyInstance) => void)[]
  /** Socket.IO, which polls over HTTP as well; null where it is not served. */
  socketIo: MarketSocketIo | null
}

const ARENA = '/ws/arena/'
const STREAM = '/ws/stream/'

export function plainEndpoints(parts: PlainEndpointParts): PlainEndpoints {
  const { config, arena, topics, apiKeys, signals, market } = parts
  const { auth } = parts.campaign
  const mode = compatAuth(config)
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: config.MAX_FRAME_BYTES,
    perMessageDeflate: false,
  })
  if (mode === 'off') return { sockets, route: () => null, rest: [], socketIo: null }
  const limits = { maxBufferedBytes: config.MAX_BUFFERED_BYTES, messagesPerSecond: config.CALLS_PER_SECOND }

  /** Without a token only where the operator lets everyone in. */
  const callerOf = async (token: string | null) => {
    const identity = token ? await auth.verify(token) : null
    if (!identity && (token || mode !== 'open')) throw new TablecastError('UNAUTHORIZED', 'a valid token is needed')
    const { userId = null, name = null, expiresAt = Infinity } = identity ?? {}
    return { userId, name, expiresAt }
  }
  /** Where everyone is let in, everyone may edit. */
  const marketCallerOf = async (token: string | null) => {
    const caller = await callerOf(token)
    return { ...caller, isEditor: mode === 'open' || config.MARKET_EDITORS.includes(caller.userId ?? '') }
  }
  /** The same, and programs with an API key. */
  const topicCallerOf = async (token: string | null) =>
    token && ApiKeys.isKey(token) ? apiKeys.verify(token) : person((await callerOf(token)).userId)
  const tokenOf = ({ headers }: IncomingMessage, url: URL) =>
    bareToken(headers.authorization ?? url.searchParams.get('token'))
  const byToken = (request: IncomingMessage, url: URL) => callerOf(tokenOf(request, url))

  /**
   * A socket for whoever `identifyCaller` lets in. It asks before the handshake is complete, so that no frame comes before there is
   * somebody to hear it; who is refused is told over the socket, since a browser shows nothing of an HTTP answer.
   */
  const socketFor =
    <C>(
      identifyCaller: (request: IncomingMessage, url: URL) => Promise<C>,
      serve: (client: WebSocket, caller: C) => void | Promise<void>,
    ): Take =>
    (request, socket, head, url) => {
      const complete = (work: (client: WebSocket) => void | Promise<void>) =>
        sockets.handleUpgrade(request, socket, head, (client) => {
          client.on('error', () => client.terminate())
          const serving = async () => work(client)
          serving().catch((error: unknown) => turnAway(client, error))
        })
      identifyCaller(request, url).then(
        (caller) => complete((client) => serve(client, caller)),
        (error: unknown) => complete((client) => turnAway(client, error)),
      )
    }

  const campaign: PlainParts = { ...parts.campaign, ...limits, compatAuth: mode }
  const campaignSocket = (
    asks: 'dm' | 'player',
    serve: (all: PlainParts, client: WebSocket, found: PlainPerson) => Promise<void>,
  ): Take =>
    socketFor(
      ({ headers }, url) => identify(campaign, { url, authorization: headers.authorization }, asks),
      (client, found) => serve(campaign, client, found),
    )

  const arenaSocket: Take = (request, socket, head, url) => {
    const sessionId = url.pathname.slice(ARENA.length)
    if (!isArenaId(sessionId)) return refuse(socket, '422 Unprocessable Content')
    const serve = (client: WebSocket) => serveArenaSocket({ ...limits, live: arena.live }, client, sessionId)
    socketFor(byToken, serve)(request, socket, head, url)
  }

  const signalSocket: Take = (request, socket, head, url) => {
    const feed = url.pathname.startsWith(STREAM) ? url.pathname.slice(STREAM.length) : null
    if (feed !== null && !signals.has(feed)) return refuse(socket, '404 Not Found')
    socketFor(byToken, (client) => serveSignalSocket({ ...limits, signals }, client, feed))(request, socket, head, url)
  }

  const topicSocket = socketFor(
    (request, url) => topicCallerOf(tokenOf(request, url)),
    (client, caller) =>
      serveTopicSocket(
        {
          ...limits,
          topics,
          streams: parts.campaign.streams,
          maxSubscriptions: config.MAX_SUBSCRIPTIONS_PER_SOCKET,
          slowConsumerMs: config.SLOW_CONSUMER_TIMEOUT * 1_000,
        },
        client,
        caller,
      ),
  )

  const socketIo = new MarketSocketIo({
    live: market.live,
    callerOf,
    isAllowedOrigin: parts.isAllowedOrigin,
    corsOrigins: config.CORS_ORIGINS,
    maxFrameBytes: config.MAX_FRAME_BYTES,
    maxConnections: config.MAX_SOCKETS,
    maxConnectionsPerAddress: config.MAX_SOCKETS_PER_IP,
    maxScopes: config.MAX_SUBSCRIPTIONS_PER_SOCKET,
    ...limits,
  })

  const exact = new Map<string, Take>([
    ['/ws/campaign/player', campaignSocket('player', servePlayerSocket)],
    ['/ws/campaign/dm', campaignSocket('dm', serveDmSocket)],
    ['/ws/stream', signalSocket],
    ['/ws', topicSocket],
    [SOCKET_IO_PATH, socketIo.take],
  ])
  const prefixes: readonly (readonly [string, Take])[] = [
    [ARENA, arenaSocket],
    [STREAM, signalSocket],
  ]
  const ofRequest = ({ headers }: FastifyRequest) => callerOf(bareToken(headers.authorization))
  return {
    sockets,
    route: (path) => exact.get(path) ?? prefixes.find(([prefix]) => path.startsWith(prefix))?.[1] ?? null,
    rest: [
      (app) => arenaHttp(app, { sessions: arena.sessions, callerOf: ofRequest }),
      (app) =>
        marketHttp(app, {
          market: market.rows,
          store: parts.store,
          callerOf: ({ headers }) => marketCallerOf(bareToken(headers.authorization)),
        }),
      (app) => topicsHttp(app, { topics, callerOf: ({ headers }) => topicCallerOf(bareToken(headers.authorization)) }),
    ],
    socketIo,
  }
}

function turnAway(client: WebSocket, error: unknown): void {
  sendError(client, undefined, error)
  client.close(1008, toWireError(error).code)
}
