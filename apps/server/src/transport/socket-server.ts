// WebSockets whose connections are objects.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Server, WebSocket } from 'ws'
import { type Connection, ServedSocket } from './served-socket.ts'
import { destroyOnError } from './upgrade.ts'
import { openWebSocketServer } from './web-socket-server.ts'

export class SocketServer<C extends Connection> {
  readonly #server: Server<typeof ServedSocket>
  readonly #connections = new Map<ServedSocket, C>()

  constructor({ maxFrameBytes }: { maxFrameBytes: number }) {
    this.#server = openWebSocketServer({
      noServer: true,
      WebSocket: ServedSocket,
      autoPong: false,
      maxPayload: maxFrameBytes,
      perMessageDeflate: false,
      // Handle one frame of a client per turn, so that many frames in one TCP chunk do not delay other clients.
      allowSynchronousEvents: false,
      // The map has the clients.
      clientTracking: false,
    })
  }

  get clients(): Iterable<WebSocket> & { readonly size: number } {
    const connections = this.#connections
    return { size: connections.size, [Symbol.iterator]: () => connections.keys() }
  }

  get connections(): Iterable<[WebSocket, C]> {
    return this.#connections
  }

  connectionOf(client: WebSocket): C | undefined {
    return client instanceof ServedSocket ? this.#connections.get(client) : undefined
  }

  /** Completes the handshake. `begin` is called before a frame of the client can arrive. */
  accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    { make, begin }: { make(client: WebSocket): C; begin(connection: C): void },
  ): void {
    this.#server.handleUpgrade(request, socket, head, (client) => {
      socket.off('error', destroyOnError)
      const connection = make(client)
      client.serve(connection, this.#connections)
      this.#connections.set(client, connection)
      begin(connection)
    })
  }
}
