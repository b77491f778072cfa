import { type ErrorCode, errorKinds } from '@tablecast/contracts'
import { WebSocket } from 'ws'

const READ_MS = 1_000

/** Ends the connection for what was done on it, with the close code of that error. */
export function closeFor(socket: WebSocket, code: ErrorCode): void {
  if (socket.readyState !== WebSocket.OPEN) return
  socket.close(errorKinds[code].close ?? 1008, code)
  // Who reads nothing does not read this either.
  setTimeout(() => socket.terminate(), READ_MS).unref()
}
