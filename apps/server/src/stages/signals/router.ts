import { FeedInput } from '@tablecast/contracts'
import { type Procedures, router } from '../../trpc.ts'
import { exactJson } from '../../transport/json-text.ts'
import { ChannelStream, type StreamScope } from '../../transport/stream.ts'
import type { Signals } from './signals.ts'

export type SignalsRouterDeps = { signals: Signals }

/** Every caller may watch, as on the plain socket of an open server. The bus decides which programs publish. */
export function signalsRouter({ open }: Procedures, { signals }: SignalsRouterDeps) {
  return router({
    feeds: open.query(() => ({ feeds: signals.status() })),

    /** The newest payload, for clients without a live connection. `seq` is 0 while the feed has no payload yet. */
    latest: open.input(FeedInput).query(({ input }) => {
      const { channel } = signals.get(input.feed)
      const text = channel.at(channel.head)?.text
      return { seq: channel.head, value: text === undefined ? null : exactJson(text) }
    }),

    /** The newest payload at once, then each further one. A slow client gets only the newest. Payloads are any JSON. */
    events: open.input(FeedInput).subscription(({ ctx: { limits }, input, signal }) => {
      const open = (stream: StreamScope) => {
        stream.hold(limits.subscribe())
        const { channel, start } = signals.get(input.feed)
        return { channel, after: start, isTracked: true, maxBufferedBytes: 0 }
      }
      return new ChannelStream<unknown>({ open, signal })
    }),
  })
}
