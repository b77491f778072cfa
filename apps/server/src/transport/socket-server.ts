// WebSockets whose connections are objects.
//
// `ws` calls a function for each event of a socket. All sockets share the functions of this file, which find the connection of a socket in
// one map. A few functions for each of thousands of idle connections would take more memory than the connection itself.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { RawData, WebSocket, WebSocketServer } from 'ws'
import { destroyOnError } from './upgrade.ts'
import { openWebSocketServer } from './web-socket-server.ts'

export interface Connection {
  receive(data: RawData, isBinary: boolean): void
  /** The client has answered a ping. */
  pong?(): void
  /** The socket has closed. Called once. */
  close(code: number): void
}

export class SocketServer<C extends Connection> {
  readonly #server: WebSocketServer
  readonly #connections = new Map<WebSocket, C>()
  readonly #listeners = listenersOf(this.#connections)

  constructor({ maxFrameBytes }: { maxFrameBytes: number }) {
    this.#server = openWebSocketServer({
      noServer: true,
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
    return this.#connections.get(client)
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
      const { message, error, pong, close } = this.#listeners
      const connection = make(client)
      this.#connections.set(client, connection)
      client.on('error', error).on('message', message).on('close', close)
      if (connection.pong) client.on('pong', pong)
      begin(connection)
    })
  }
}

/** `ws` calls these with the socket as `this`. */
const listenersOf = (connections: Map<WebSocket, Connection>) => ({
  message(this: WebSocket, data: RawData, isBinary: boolean): void {
    connections.get(this)?.receive(data, isBinary)
  },
  pong(this: WebSocket): void {
    connections.get(this)?.pong?.()
  },
  error(this: WebSocket): void {
    this.terminate()
  },
  close(this: WebSocket, code: number): void {
    const connection = connections.get(this)
    connections.delete(this)
    connection?.close(code)
  },
})
