// The interface of a stage to the server. A stage serves its own clients, and no other stage depends on it.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Channel } from '@tablecast/hub'
import type { FastifyInstance } from 'fastify'
import type { RestAccess } from './http/rest.ts'
import type { Probe } from './ops/dependencies.ts'
import type { StageHealth } from './ops/health.ts'
import type { Metric } from './ops/metric.ts'
import type { UpgradeHandler } from './transport/upgrade.ts'

/** `member` and `dm` are roles in the room that the client asks for. For the others see `RestAccess`. */
export type SocketAccess = RestAccess | 'member'

/** A path of plain sockets; a final `*` stands for the rest of the path. `handler` completes the handshake, or refuses it. */
type SocketRoute = { path: string; access: SocketAccess; handler: UpgradeHandler }

/** A stage's own transport that begins over plain HTTP, as Socket.IO does. */
export interface PollingEndpoint extends AsyncDisposable {
  readonly path: string
  /** The number of open connections. */
  readonly count: number
  /** Functions that close one connection each. The client then reconnects by itself. */
  readonly connections: readonly (() => void)[]
  /** While false, new connections are refused. */
  isOpen: boolean
  handle(request: IncomingMessage, response: ServerResponse): void
}

export interface Stage extends AsyncDisposable {
  /** The open channels whose subscribers count as clients, besides the channels of stored events. */
  channels(): Iterable<Channel>
  /** Channels that the same clients follow too. They are measured, but their subscribers are not counted again. */
  companions?(): Iterable<Channel>
  status(): StageHealth
  readonly metrics: readonly Metric[]
  readonly probes: readonly Probe[]
  /** Plain endpoints for programs. They are absent where COMPAT_AUTH is `off`. */
  readonly rest: readonly ((app: FastifyInstance) => void)[]
  /** Routes that the pages need. */
  readonly pageRest?: readonly ((app: FastifyInstance) => void)[]
  readonly sockets: readonly SocketRoute[]
  readonly polling?: PollingEndpoint | null
}
