import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'

/** The TCP socket below a WebSocket, which the types of `ws` leave out. The tests check it. */
export const tcpSocketOf = (socket: WebSocket): Socket | null =>
  (socket as unknown as { _socket: Socket | null })._socket
