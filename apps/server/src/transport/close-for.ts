import { type ErrorCode, errorKinds } from '@tablecast/contracts'
import { WebSocket } from 'ws'
import { tcpSocketOf } from './tcp-socket.ts'

/** Of a close that its client does not answer: then the connection is cut off. */
export const CLOSE_TIMEOUT_MS = 1_000

/** Why this side ended a socket; of those that it did end. */
const endings = new WeakMap<WebSocket, string>()
const note = (socket: WebSocket, reason: string) => void (endings.has(socket) || endings.set(socket, reason))

/** Close codes that the other end, or `ws` itself, gives a reason with; for all others see `errorKinds`. */
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

/** Why a socket closed, in a word: one that this side gave, or what the code says. */
export const endingOf = (socket: WebSocket, code: number): string =>
  endings.get(socket) ??
  words[code] ??
  Object.entries(errorKinds).find(([, { close }]) => close === code)?.[0] ??
  'protocol'

/** Ends the connection for what was done on it, with the close code of that error. */
export function closeFor(socket: WebSocket, code: ErrorCode): void {
  if (socket.readyState !== WebSocket.OPEN) return
  closeWith(socket, errorKinds[code].close ?? 1008, code)
  if (code === 'RATE_LIMITED') discardInput(socket)
}

/** Ends the connection with a code of its own, or none. `reason` is what is counted; `text`: what the client is told with a code. */
export function closeWith(socket: WebSocket, code: number | undefined, reason: string, text = reason): void {
  if (socket.readyState !== WebSocket.OPEN) return
  note(socket, reason)
  socket.close(code, text)
  // Who reads nothing does not read this either.
  setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS).unref()
}

/** Ends a connection at once, whose other end hears nothing any more. */
export function cutOff(socket: WebSocket, reason: string): void {
  note(socket, reason)
  socket.terminate()
}

/** What a flood still sends is taken from the kernel, so that the close reaches the client, and looked at by nobody. */
function discardInput(socket: WebSocket): void {
  const tcp = tcpSocketOf(socket)
  tcp?.removeAllListeners('data')
  tcp?.resume()
}
