import { type ErrorCode, errorKinds } from '@tablecast/contracts'
import { WebSocket } from 'ws'
import { tcpSocketOf } from './tcp-socket.ts'

/** A client that does not answer a close frame within this time is cut off. */
export const CLOSE_TIMEOUT_MS = 1_000

/** Why this side ended a socket. A socket that the client ended is not in here. */
const endings = new WeakMap<WebSocket, string>()
const note = (socket: WebSocket, reason: string) => void (endings.has(socket) || endings.set(socket, reason))

/** The reason for each close code that a client or `ws` itself sends. All other codes are in `errorKinds`. */
const words: Record<number, string> = {
  1000: 'client',
  1001: 'client',
  1005: 'client',
  1006: 'lost',
  1008: 'refused',
  1011: 'failed',
  1012: 'restarting',
  1013: 'try_again',
}

/** Why a socket closed, in one word: the reason that this side noted, or else the meaning of the code. */
export const closeReasonOf = (socket: WebSocket, code: number): string =>
  endings.get(socket) ??
  words[code] ??
  Object.entries(errorKinds).find(([, { close }]) => close === code)?.[0] ??
  'protocol'

/** Ends the connection because of an error, with the close code of that error. */
export function closeWithError(socket: WebSocket, code: ErrorCode): void {
  if (socket.readyState !== WebSocket.OPEN) return
  closeWith(socket, errorKinds[code].close ?? 1008, code)
  if (code === 'RATE_LIMITED') discardInput(socket)
}

/** Ends the connection with this code. Metrics count `reason`, and the close frame carries `text`. Without a code `ws` sends no text. */
export function closeWith(socket: WebSocket, code: number | undefined, reason: string, text = reason): void {
  if (socket.readyState !== WebSocket.OPEN) return
  note(socket, reason)
  socket.close(code, text)
  // A client that has stopped reading never answers the close.
  setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS).unref()
}

/** Ends a connection at once, without a close frame. For a client that does not answer any more. */
export function cutOff(socket: WebSocket, reason: string): void {
  note(socket, reason)
  socket.terminate()
}

/**
 * Reads the rest of a flood from the kernel and throws it away. With unread bytes the kernel would reset the connection, and the close
 * frame would not arrive.
 */
function discardInput(socket: WebSocket): void {
  const tcp = tcpSocketOf(socket)
  tcp?.removeAllListeners('data')
  tcp?.resume()
}
