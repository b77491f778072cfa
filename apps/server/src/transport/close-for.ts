import { type ErrorCode, errorKinds } from '@tablecast/contracts'
import { WebSocket } from 'ws'
import { tcpSocketOf } from './tcp-socket.ts'

const READ_MS = 1_000

/** Ends the connection for what was done on it, with the close code of that error. */
export function closeFor(socket: WebSocket, code: ErrorCode): void {
  if (socket.readyState !== WebSocket.OPEN) return
  socket.close(errorKinds[code].close ?? 1008, code)
  if (code === 'RATE_LIMITED') discardInput(socket)
  // Who reads nothing does not read this either.
  setTimeout(() => socket.terminate(), READ_MS).unref()
}

/** What a flood still sends is taken from the kernel, so that the close reaches the client, and looked at by nobody. */
function discardInput(socket: WebSocket): void {
  const tcp = tcpSocketOf(socket)
  tcp?.removeAllListeners('data')
  tcp?.resume()
}
