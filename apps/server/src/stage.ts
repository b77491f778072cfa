// A stage, as the server sees it: a part that serves its own clients, and that nothing else depends on.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Channel } from '@tablecast/hub'
import type { FastifyInstance } from 'fastify'
import type { RestAccess } from './http/rest.ts'
import type { Probe } from './ops/dependencies.ts'
import type { StageHealth } from './ops/health.ts'
import type { Metric } from './ops/metric.ts'
import type { Take } from './transport/upgrade.ts'

/** `member`, `dm`: in the room that is asked for. The others: see `RestAccess`. */
export type SocketAccess = RestAccess | 'member' | 'dm'

/** A path of plain sockets; a final `*` stands for the rest of the path. `take` lets the client in, or refuses it. */
type SocketDoor = { path: string; access: SocketAccess; take: Take }

/** A transport of a stage's own that begins over plain HTTP, as Socket.IO does. */
export interface PollingDoor extends AsyncDisposable {
  readonly path: string
  /** Open connections. */
  readonly count: number
  /** Functions that close one connection each; its client comes back by itself. */
  readonly connections: readonly (() => void)[]
  /** False refuses new connections. */
  isOpen: boolean
  handle(request: IncomingMessage, response: ServerResponse): void
}

export interface Stage extends AsyncDisposable {
  /** The open channels whose subscribers count as clients, beside those of stored events. */
  channels(): Iterable<Channel>
  /** Channels that each of these clients follows too. They are measured, and not counted again. */
  companions?(): Iterable<Channel>
  status(): StageHealth
  readonly metrics: readonly Metric[]
  readonly probes: readonly Probe[]
  readonly rest: readonly ((app: FastifyInstance) => void)[]
  readonly sockets: readonly SocketDoor[]
  readonly polling?: PollingDoor | null
}
