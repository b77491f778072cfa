// The arena's parts, put together.
import { ArenaEngine } from '@tablecast/arena-engine'
import type { Bus } from '@tablecast/bus'
import type { Store } from '@tablecast/store'
import type { NodeEvents } from '../../cluster/node-events.ts'
import { EngineWatch } from './engine-watch.ts'
import { ArenaLive } from './live.ts'
import { ArenaRelay } from './relay.ts'
import { ArenaSessions } from './sessions.ts'
import { ArenaSupervisor } from './supervisor.ts'
import { isAlone } from '../../cluster/is-alone.ts'
import { LeaderLease } from '../../cluster/leader-lease.ts'

export type ArenaOptions = {
  bus: Bus
  store: Store
  nodes: NodeEvents
  maxRunning: number
  keepSessions: number
  /** Null: the engines are processes of their own. */
  engine: Omit<ConstructorParameters<typeof ArenaEngine>[0], 'bus' | 'failed'> | null
  failed(error: unknown): void
}

export type Arena = AsyncDisposable & { sessions: ArenaSessions; live: ArenaLive; engines: EngineWatch }

export function openArena(options: ArenaOptions): Arena {
  const { bus, store, nodes, failed } = options
  const opened = new AsyncDisposableStack()
  const live = new ArenaLive(store, nodes)
  const engines = opened.use(new EngineWatch(bus))
  const hasNoOthers = isAlone(bus)
  const changed = (isHeld: boolean) => (isHeld ? relay.begin() : relay.rest())
  const leader = opened.use(new LeaderLease({ name: 'arena-writer', store, isAlone: hasNoOthers, changed, failed }))
  const relay: ArenaRelay = opened.use(new ArenaRelay({ bus, store, nodes, live, engines, leader, failed }))
  if (hasNoOthers) relay.begin()
  opened.use(new ArenaSupervisor({ bus, store, engines, leader, keepSessions: options.keepSessions, failed }))
  if (options.engine) opened.use(new ArenaEngine({ ...options.engine, bus, failed }))
  const sessions = new ArenaSessions({ bus, store, live, maxRunning: options.maxRunning })
  return { sessions, live, engines, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}
