// The arena: games of agents that everyone may watch.
import { agentsFrom, ArenaEngine } from '@tablecast/arena-engine'
import { isArenaId } from '@tablecast/contracts'
import { isAlone } from '../../cluster/is-alone.ts'
import { LeaderLease } from '../../cluster/leader-lease.ts'
import { type Config, playsArena } from '../../config.ts'
import type { Host } from '../../host.ts'
import { oncePerRequest, withAccess } from '../../http/rest.ts'
import type { Stage } from '../../stage.ts'
import { personOf } from '../../transport/plain-door.ts'
import type { Take } from '../../transport/upgrade.ts'
import { EngineWatch } from './engine-watch.ts'
import { arenaHttp } from './http.ts'
import { ArenaLive } from './live.ts'
import { ArenaRelay } from './relay.ts'
import { ArenaSessions } from './sessions.ts'
import { serveArenaSocket } from './socket.ts'
import { ArenaSupervisor } from './supervisor.ts'

export type Arena = Stage & { sessions: ArenaSessions; live: ArenaLive; maxBufferedBytes: number }

const SOCKET = '/ws/arena/'

export function openArena(host: Host, config: Config): Promise<Arena> {
  const { bus, store, nodes, plainDoor, maxBufferedBytes, failed } = host
  const opened = new AsyncDisposableStack()
  const live = new ArenaLive(store, nodes)
  const engines = opened.use(new EngineWatch(bus))
  const hasNoOthers = isAlone(bus)
  const leader = opened.use(new LeaderLease({ name: 'arena-writer', store, isAlone: hasNoOthers, failed }))
  const relay = opened.use(new ArenaRelay({ bus, store, nodes, live, engines, leader, failed }))
  leader.onChange((isHeld) => (isHeld ? relay.begin() : relay.rest()))
  if (hasNoOthers) relay.begin()
  opened.use(new ArenaSupervisor({ bus, store, engines, leader, keepSessions: config.ARENA_KEEP_SESSIONS, failed }))
  // Elsewhere the engines are processes of their own.
  if (playsArena(config)) {
    const { ARENA_ROUNDS: rounds, ARENA_SIZE: agents, ARENA_PACE_MS: paceMs } = config
    opened.use(new ArenaEngine({ agentFor: agentsFrom(config, failed), rounds, agents, paceMs, bus, failed }))
  }
  const sessions = new ArenaSessions({ bus, store, live, maxRunning: config.ARENA_MAX_SESSIONS })
  const callerOf = oncePerRequest(async (token) => personOf(await plainDoor.callerOf(token)))
  const take: Take = (request, socket, head, url) => {
    const sessionId = url.pathname.slice(SOCKET.length)
    if (!isArenaId(sessionId)) return plainDoor.turnDown(socket, '422 Unprocessable Content', 'bad_request')
    const serve = plainDoor.socket((client) => serveArenaSocket({ ...plainDoor.limits, live }, client, sessionId))
    serve(request, socket, head, url)
  }
  return Promise.resolve({
    sessions,
    live,
    maxBufferedBytes,
    channels: () => [],
    status: () => ({ lastAt: null }),
    metrics: [],
    probes: [],
    rest: [withAccess('plain', callerOf, (app) => arenaHttp(app, { sessions, callerOf }))],
    sockets: [{ path: `${SOCKET}*`, access: 'plain', take }],
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  })
}
