// The options of the sockets of tRPC.
import type { IncomingMessage } from 'node:http'
import type { AnyTRPCRouter, TRPCError } from '@trpc/server'
import type { TRPCRequestInfo } from '@trpc/server/http'
import type { WebSocket } from 'ws'
import type { Arrivals } from './arrivals.ts'
import type { CallIds } from './call-scope.ts'
import type { CallsInFlight } from './calls-in-flight.ts'
import type { ExpiryWatcher } from './caller-session.ts'
import type { KeepAlive } from './keep-alive.ts'
import type { Rate } from './limits.ts'

/** The connection parameters of a client; null when its URL announced none. */
export type Params = TRPCRequestInfo['connectionParams']

/** `input` is as the client sent it, or undefined where it is not known. */
type Failure = { error: TRPCError; path: string | undefined; input: unknown; ids: CallIds }

export type TrpcSocketOptions<C> = {
  router: AnyTRPCRouter
  /** Called once for each connection. `params` is null when the client announced none. An error that it throws ends the connection. */
  createContext(opened: {
    socket: WebSocket
    request: IncomingMessage
    params: Params
    connectionId: string
    /** Ends the connection soon after its token has expired. */
    watcher: ExpiryWatcher
  }): Promise<C>
  /** Called once for each context, when its socket has closed. */
  release?(context: C): void
  onError?(failure: Failure): void
  onOpen?(ids: CallIds): void
  onClose?(reason: string, ids: CallIds): void
  maxFrameBytes: number
  callsPerSecond: number
  keepAlive: KeepAlive
  /** Counts the calls that wait for an answer. */
  calls?: CallsInFlight
  arrivals: Arrivals
}

/** `frames`: how many frames each connection may send. */
export type ServedOptions<C> = TrpcSocketOptions<C> & { frames: Rate }
