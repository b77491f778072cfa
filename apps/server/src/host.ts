// The parts that every stage needs: storage, the other nodes, rooms with their members, and sign-in.
import { createHmac } from 'node:crypto'
import type { Bus, PubSub } from '@tablecast/bus'
import { roomOfStream } from '@tablecast/contracts'
import type { Observe } from '@tablecast/hub'
import type { Store } from '@tablecast/store'
import { Auth } from './auth/auth.ts'
import { Auth0Tokens } from './auth/auth0.ts'
import { GuestTokens, sessionSecret } from './auth/guest.ts'
import { Tickets } from './auth/tickets.ts'
import { UserConnections } from './auth/user-connections.ts'
import { NodeChannel } from './cluster/node-channel.ts'
import { NodeEvents } from './cluster/node-events.ts'
import { admitsGuests, auth0, plainAuthMode, type Config } from './config.ts'
import type { Ops } from './ops/index.ts'
import type { Log } from './ops/log.ts'
import { Audit } from './rooms/audit.ts'
import { InviteAttempts } from './rooms/invite-attempts.ts'
import { RoomAccess } from './rooms/room-access.ts'
import { RoomStreams } from './rooms/room-streams.ts'
import { Rooms } from './rooms/rooms.ts'
import { readMembers } from './rooms/memberships.ts'
import { CallsInFlight } from './transport/calls-in-flight.ts'
import { createAddressOf } from './transport/client-address.ts'
import { ClientNames } from './transport/client-names.ts'
import { Expiry } from './transport/expiry.ts'
import { KeepAlive } from './transport/keep-alive.ts'
import { KeyedCount } from './transport/limits.ts'
import { PlainEndpoints } from './transport/plain-endpoints.ts'
import { Ticker } from './transport/ticker.ts'

export type Host = AsyncDisposable & {
  log: Log
  store: Store
  bus: Bus
  channels: PubSub
  /** Messages to the other nodes; `nodes` delivers stored events to all of them. */
  others: NodeChannel
  nodes: NodeEvents
  ticker: Ticker
  audit: Audit
  access: RoomAccess
  rooms: Rooms
  inviteAttempts: InviteAttempts
  roomStreams: RoomStreams
  /** The number of followers of each room, over all transports. */
  followers: KeyedCount
  auth: Auth
  tickets: Tickets
  connections: UserConnections
  names: ClientNames
  calls: CallsInFlight
  plainEndpoints: PlainEndpoints
  observe: Observe
  /** The origins that may open sockets. The server's own are added once it listens. */
  origins: Set<string>
  /** The origins by which other devices reach the server. They are added once it listens. */
  networkOrigins: Set<string>
  maxBufferedBytes: number
  /** 32 bytes derived from the server's secret. The same words always give the same bytes. */
  secretOf(...words: readonly string[]): Buffer
  failed(error: unknown): void
}

/** The interval at which expired tokens and slow bodies are found. */
const TICK_INTERVAL_MS = 1_000
const SWEEP_INTERVAL_MS = 60_000
/** Programs get WebSocket pings, and a long time to answer, because they may be busy. */
const PROGRAMS_ALIVE = { periodMs: 12_000 }

export async function openHost(
  { store, bus, channels, log, metrics, telemetry, failed }: Ops,
  config: Config,
): Promise<Host> {
  await using opened = new AsyncDisposableStack()
  const { observe } = metrics
  const { MAX_BUFFERED_BYTES: maxBufferedBytes } = config
  const ticker = opened.use(new Ticker({ periodMs: TICK_INTERVAL_MS }))
  const others = new NodeChannel({ bus, failed })
  const audit = new Audit({ store, log })
  const access = opened.use(new RoomAccess({ others, members: (roomId) => readMembers(store, roomId) }))
  const nodes = opened.use(
    new NodeEvents({
      bus,
      heads: (ids) => store.read(({ streams }) => streams.heads(ids)),
      observe,
      accessKnown: (streamId, version) => access.catchUp(roomOfStream(streamId) ?? '', version),
      failed,
    }),
  )
  const sweeping = setInterval(() => nodes.hub.sweep(), SWEEP_INTERVAL_MS)
  opened.defer(() => clearInterval(sweeping))
  const secret = config.SESSION_SECRET ?? sessionSecret(config.DATA_DIR)
  const secretOf = (...words: readonly string[]) => createHmac('sha256', secret).update(JSON.stringify(words)).digest()
  const rooms = new Rooms({
    store,
    maxMembers: config.MAX_MEMBERS_PER_ROOM,
    maxOwned: config.MAX_ROOMS_PER_USER,
    maxScreenLinks: config.MAX_SCREEN_LINKS_PER_ROOM,
    secretOf,
    failed,
    audit,
    changed: (change) => access.tell(change),
  })
  const followers = new KeyedCount(config.MAX_SOCKETS_PER_ROOM)
  const roomStreams = new RoomStreams({
    memberships: rooms.memberships,
    screens: rooms.screenLinks,
    access,
    followers,
    maxBufferedBytes,
  })

  const connections = opened.use(new UserConnections({ others, max: config.MAX_SOCKETS_PER_USER }))
  const account = auth0(config)
  const auth = new Auth({
    store,
    guests: new GuestTokens(secret),
    admitsGuests: admitsGuests(config),
    accounts: account && new Auth0Tokens(account),
    audit,
    endConnections: (userId) => connections.end(userId),
  })
  const tickets = new Tickets(store, auth)
  const names = new ClientNames()
  const calls = new CallsInFlight()
  const plainEndpoints = new PlainEndpoints({
    mode: plainAuthMode(config),
    verify: (token) => auth.verify(token),
    takeTicket: (ticket) => tickets.take(ticket),
    connections,
    expiry: new Expiry({ ticker }),
    names,
    calls,
    telemetry,
    addressOf: createAddressOf(config.TRUSTED_PROXIES),
    keepAlive: opened.use(new KeepAlive(PROGRAMS_ALIVE)),
    maxFrameBytes: config.MAX_FRAME_BYTES,
    maxBufferedBytes,
    messagesPerSecond: config.CALLS_PER_SECOND,
  })
  const owned = opened.move()
  return {
    log,
    store,
    bus,
    channels,
    others,
    nodes,
    ticker,
    audit,
    access,
    rooms,
    inviteAttempts: new InviteAttempts(config.INVITE_ATTEMPTS_PER_MINUTE),
    roomStreams,
    followers,
    auth,
    tickets,
    connections,
    names,
    calls,
    plainEndpoints,
    observe,
    origins: new Set(config.ALLOWED_ORIGINS),
    networkOrigins: new Set(),
    maxBufferedBytes,
    secretOf,
    failed,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
