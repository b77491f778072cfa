// The arena: games of agents that every caller may watch.
import { agentsFrom, ArenaEngine } from '@tablecast/arena-engine'
import { isArenaId } from '@tablecast/contracts'
import { isAlone } from '../../cluster/is-alone.ts'
import { LeaderLease } from '../../cluster/leader-lease.ts'
import { type Config, playsArena } from '../../config.ts'
import type { Host } from '../../host.ts'
import { oncePerRequest, withAccess } from '../../http/rest.ts'
import type { Stage } from '../../stage.ts'
import { personOf } from '../../transport/plain-endpoints.ts'
import type { UpgradeHandler } from '../../transport/upgrade.ts'
import { EngineWatch } from './engine-watch.ts'
import { arenaHttp } from './http.ts'
import { ArenaLive } from './live.ts'
import { ArenaRelay } from './relay.ts'
import { ArenaGames } from './games.ts'
import { serveArenaSocket } from './socket.ts'
import { ArenaSupervisor } from './supervisor.ts'

export type ArenaStage = Stage & { games: ArenaGames; live: ArenaLive; maxBufferedBytes: number }

const SOCKET = '/ws/arena/'

export async function openArena(host: Host, config: Config): Promise<ArenaStage> {
  const { bus, store, nodes, plainEndpoints, maxBufferedBytes, failed } = host
  await using opened = new AsyncDisposableStack()
  const live = new ArenaLive(store, nodes)
  const engines = opened.use(new EngineWatch(bus))
  const isOnlyNode = isAlone(bus)
  const leader = opened.use(new LeaderLease({ name: 'arena-writer', store, isAlone: isOnlyNode, failed }))
  const relay = opened.use(new ArenaRelay({ bus, store, nodes, live, engines, leader, failed }))
  leader.onChange((isHeld) => (isHeld ? relay.start() : relay.stop()))
  if (isOnlyNode) relay.start()
  opened.use(new ArenaSupervisor({ bus, store, engines, leader, keepGames: config.ARENA_KEEP_SESSIONS, failed }))
  // Otherwise the engines are separate processes.
  if (playsArena(config)) {
    const { ARENA_ROUNDS: rounds, ARENA_SIZE: agents, ARENA_PACE_MS: paceMs } = config
    const agentFor = await agentsFrom(config, failed)
    opened.use(new ArenaEngine({ agentFor, rounds, agents, paceMs, bus, failed }))
  }
  const games = new ArenaGames({ bus, store, live, maxRunning: config.ARENA_MAX_SESSIONS })
  const callerOf = oncePerRequest(async (token) => personOf(await plainEndpoints.callerOf(token)))
  const handler: UpgradeHandler = (request, socket, head, url) => {
    const sessionId = url.pathname.slice(SOCKET.length)
    if (!isArenaId(sessionId)) return plainEndpoints.rejectUpgrade(socket, '422 Unprocessable Content', 'bad_request')
    const serve = plainEndpoints.socket((client) =>
      serveArenaSocket({ ...plainEndpoints.serving, live }, client, sessionId),
    )
    serve(request, socket, head, url)
  }
  const owned = opened.move()
  return {
    games,
    live,
    maxBufferedBytes,
    channels: () => [],
    status: () => ({ lastAt: null }),
    metrics: [],
    probes: [],
    rest: [withAccess('plain', callerOf, (app) => arenaHttp(app, { games, callerOf }))],
    sockets: [{ path: `${SOCKET}*`, access: 'plain', handler }],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
