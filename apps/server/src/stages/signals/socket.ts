// `/ws/stream` and `/ws/stream/{feed}`: the newest payload at once, then each further one, byte for byte.
import { RequestId } from '@tablecast/contracts'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import { tallyOf } from '../../transport/stage-meter.ts'
import { type PlainHandler, type PlainServing, servePlainSocket } from '../../transport/plain-socket.ts'
import { SocketSink, type WireForm } from '../../transport/socket-sink.ts'
import type { Signals } from './signals.ts'

export type SignalSocketDeps = PlainServing & { signals: Signals }

const plainForm: WireForm = { form: 'signal', encode: ({ text }) => text }
const PlainSignalMessage = z.object({ type: z.literal('ping'), request_id: RequestId })
const pings: PlainHandler<z.infer<typeof PlainSignalMessage>> = {
  schema: PlainSignalMessage,
  handle: () => Promise.resolve({ type: 'pong', ts: new Date().toISOString() }),
}

/** `feed`: a name of `signals`, or null for the first feed. */
export function serveSignalSocket(deps: SignalSocketDeps, socket: WebSocket, feed: string | null): void {
  servePlainSocket(deps, socket, pings)
  const source = deps.signals.get(feed)
  const { channel, start } = source
  socket.on('error', () => (source.sendErrors += 1))
  // The sink queues nothing behind bytes that the socket has not taken, so a slow client gets the newest payload next.
  const sink = new SocketSink({
    socket,
    wire: plainForm,
    maxBufferedBytes: 0,
    tally: tallyOf(channel, 'plain'),
    owner: { closed: () => socket.close(1013, 'try again') },
  })
  const cursor = channel.subscribe(sink, start)
  sink.follow(cursor)
  socket.once('close', () => cursor.detach())
  if (socket.readyState !== socket.OPEN) cursor.detach()
}
