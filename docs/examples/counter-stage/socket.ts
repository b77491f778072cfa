import type { WebSocket } from 'ws'
import { SocketSink, type WireForm } from '../../transport/socket-sink.ts'
import { tallyOf } from '../../transport/stage-meter.ts'
import type { Counter } from './counter.ts'

const form: WireForm = { form: 'counter', encode: ({ text }) => text }

/** `/ws/counter`: the value at once, then each further one. */
export function serveCounterSocket({ channel, start }: Counter, socket: WebSocket): void {
  const tally = tallyOf(channel, 'plain')
  const owner = { closed: () => socket.close(1013) }
  const sink = new SocketSink({ socket, wire: form, maxBufferedBytes: 0, tally, owner })
  const cursor = channel.subscribe(sink, start)
  sink.follow(cursor)
  socket.once('close', () => cursor.detach())
}
