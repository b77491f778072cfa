import type { WebSocket } from 'ws'
import { tcpSocketOf } from './tcp-socket.ts'

/**
 * Sends everything that is written to the socket in this turn at once. A page starts four streams with one message: each answer would be a
 * system call of its own.
 */
export function gatherWrites(socket: WebSocket): void {
  const tcp = tcpSocketOf(socket)
  if (!tcp || tcp.writableCorked > 0) return
  tcp.cork()
  setImmediate(() => tcp.uncork())
}
