// How the clients of a node that is going are sent elsewhere: not all in the same instant, and none in the middle of a call.
import { setTimeout as pause } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import type { CallsInFlight } from './calls-in-flight.ts'
import { closeWith } from './close-for.ts'
import { askToReconnect } from './trpc-socket.ts'

/** A tRPC client that was told opens its next connection first, and closes this one when nothing waits on it. */
const NOTICE_MS = 500

export type DrainOptions = {
  /** Sockets that know tRPC's reconnect notice. */
  trpc: Iterable<WebSocket>
  /** Sockets that know nothing but the close code. */
  plain: Iterable<WebSocket>
  /** Ends one stream over HTTP each. */
  streams: Iterable<() => void>
  calls: CallsInFlight
  /** Over so long the clients are spread, in milliseconds. */
  spreadMs: number
  /** 0 to 1. */
  random?: () => number
}

/** Resolves when the last client was told and nothing waits for an answer on its socket. */
export async function sendElsewhere(options: DrainOptions): Promise<void> {
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
        await pause(NOTICE_MS)
        await end(socket)
      }),
    ),
    ...[...plain].map((socket) => inTurn(() => end(socket))),
    ...[...streams].map((close) => inTurn(close)),
  ])
}
