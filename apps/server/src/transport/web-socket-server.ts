import { type ServerOptions, WebSocketServer } from 'ws'
import { CLOSE_TIMEOUT_MS } from './close-for.ts'
import { pieces } from './limits.ts'

/**
 * A server of WebSockets that takes a message in few pieces, and cuts off a client which does not answer a close; on its own `ws` waits
 * for half a minute.
 */
export function openWebSocketServer(options: ServerOptions): WebSocketServer {
  // The options are newer than the types.
  return new WebSocketServer(Object.assign({ closeTimeout: CLOSE_TIMEOUT_MS, ...pieces }, options))
}
