// tRPC over WebSocket: exactly the protocol of the stock client, with events that are serialised once for all clients.
//
// tRPC's own adapter runs a generator and a JSON.stringify per client and event, never checks the socket's buffer, and keeps some
// 15 kB for each subscription. Here the body of a subscription is a stream of a channel that is attached to the socket. It keeps
// a cursor, a sink and its cleanups, and nothing of the call that began it.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import type { CallIds } from './call-scope.ts'
import { floodRate } from './limits.ts'
import { SocketServer } from './socket-server.ts'
import { TrpcConnection } from './trpc-connection.ts'
import type { ServedOptions, TrpcSocketOptions } from './trpc-socket-options.ts'

export class TrpcSockets<C extends { ids: CallIds }> {
  readonly #options: ServedOptions<C>
  readonly #server: SocketServer<TrpcConnection<C>>

  constructor(options: TrpcSocketOptions<C>) {
    this.#options = { ...options, frames: floodRate(options.callsPerSecond) }
    this.#server = new SocketServer(options)
  }

  get clients(): Iterable<WebSocket> & { readonly size: number } {
    return this.#server.clients
  }

  /** The sockets whose caller is known, with their contexts. */
  *known(): Iterable<[WebSocket, C]> {
    for (const [socket, { context }] of this.#server.connections) if (context) yield [socket, context]
  }

  /** Completes the handshake. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.accept(request, socket, head, {
      make: (client) => new TrpcConnection(this.#options, client),
      begin: (connection) => connection.open(request),
    })
  }
}

/** Asks a client to reconnect. The stock client opens its next connection first, and closes this one when no call waits on it. */
export function askToReconnect(client: WebSocket): void {
  if (client.readyState === WebSocket.OPEN) client.send(JSON.stringify({ id: null, method: 'reconnect' }))
}
