// Sends the clients of a node that stops to other nodes: spread over some time, and none in the middle of a call.
import { setTimeout as pause } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import type { CallsInFlight } from './calls-in-flight.ts'
import { closeWith } from './close-socket.ts'
import { askToReconnect } from './trpc-socket.ts'

/** A tRPC client that gets the reconnect notice opens its next connection first, and closes this one when no call waits on it. */
const NOTICE_DELAY_MS = 500

export type DrainOptions = {
  /** Sockets whose clients understand tRPC's reconnect notice. */
  trpc: Iterable<WebSocket>
  /** Sockets whose clients understand the close code alone. */
  plain: Iterable<WebSocket>
  /** Functions that end one HTTP stream each. */
  streams: Iterable<() => void>
  calls: CallsInFlight
  /** Each client gets its notice at a random moment within this time. */
  spreadMs: number
  /** 0 to 1. */
  random?: () => number
}

/** Resolves when every socket has answered its calls and was sent its close frame, and every stream has ended. */
export async function moveConnections(options: DrainOptions): Promise<void> {
  const { trpc, plain, streams, calls, spreadMs, random = Math.random } = options
  const inTurn = async (work: () => Promise<void> | void) => {
    await pause(random() * spreadMs)
    await work()
  }
  const end = async (socket: WebSocket) => {
    await calls.idle(socket)
    closeWith(socket, 1012, 'restarting')
  }
  await Promise.all([
    ...[...trpc].map((socket) =>
      inTurn(async () => {
        askToReconnect(socket)
        await pause(NOTICE_DELAY_MS)
        await end(socket)
      }),
    ),
    ...[...plain].map((socket) => inTurn(() => end(socket))),
    ...[...streams].map((close) => inTurn(close)),
  ])
}
