import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'

/** Not in the types of `ws`: the TCP socket below a WebSocket. Checked by the tests. */
export const tcpSocketOf = (socket: WebSocket): Socket | null =>
  (socket as unknown as { _socket: Socket | null })._socket
