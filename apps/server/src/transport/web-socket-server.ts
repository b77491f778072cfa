import { type Server, type ServerOptions, type WebSocket, WebSocketServer } from 'ws'
import { CLOSE_TIMEOUT_MS } from './close-socket.ts'
import { pieceLimits } from './limits.ts'

/**
 * A WebSocket server that refuses a message in very many pieces, and cuts off a client that does not answer a close frame within
 * `CLOSE_TIMEOUT_MS`. By default `ws` waits for half a minute.
 */
export function openWebSocketServer<S extends typeof WebSocket>(options: ServerOptions<S>): Server<S> {
  // `ws` has these options, its types do not have them yet.
  return new WebSocketServer(Object.assign({ closeTimeout: CLOSE_TIMEOUT_MS, ...pieceLimits }, options))
}
