// `/ws/arena/{sid}`: the events of the game so far, then the live ones. The client sends only pings.
import { RequestId } from '@tablecast/contracts'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import { tallyOf } from '../../transport/stage-meter.ts'
import { type PlainHandler, type PlainServing, servePlainSocket } from '../../transport/plain-socket.ts'
import { SocketSink } from '../../transport/socket-sink.ts'
import { plainForm } from './arena-event.ts'
import type { ArenaLive } from './live.ts'

export type ArenaSocketDeps = PlainServing & { live: ArenaLive }

const PlainArenaMessage = z.object({ type: z.literal('ping'), request_id: RequestId })
const pings: PlainHandler<z.infer<typeof PlainArenaMessage>> = {
  schema: PlainArenaMessage,
  handle: () => Promise.resolve({ type: 'pong', ts: new Date().toISOString() }),
}

export async function serveArenaSocket(deps: ArenaSocketDeps, socket: WebSocket, sessionId: string): Promise<void> {
  const gone = new AbortController()
  socket.once('close', () => gone.abort())
  servePlainSocket(deps, socket, pings)
  const joined = await deps.live.join(sessionId, null, gone.signal)
  if (!joined) return
  const sink = new SocketSink({
    socket,
    wire: plainForm,
    maxBufferedBytes: deps.maxBufferedBytes,
    tally: tallyOf(joined.channel, 'plain'),
    owner: { closed: () => socket.close(1013, 'try again') },
  })
  const cursor = joined.channel.subscribe(sink, joined.after)
  sink.follow(cursor)
  gone.signal.addEventListener('abort', () => cursor.detach())
}
