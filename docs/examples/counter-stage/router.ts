import { z } from 'zod'
import { ChannelStream, type StreamScope } from '../../transport/stream.ts'
import { type Procedures, router } from '../../trpc.ts'
import type { Counter } from './counter.ts'

export function counterRouter({ open, signedIn }: Procedures, { counter }: { counter: Counter }) {
  return router({
    get: open.query(() => ({ value: counter.value })),
    add: signedIn.input(z.object({ step: z.int() })).mutation(({ input }) => ({ value: counter.add(input.step) })),
    events: open.subscription(({ ctx: { limits }, signal }) => {
      const follow = (stream: StreamScope) => {
        stream.hold(limits.subscribe())
        return { channel: counter.channel, after: counter.start, isTracked: true, maxBufferedBytes: 0 }
      }
      return new ChannelStream<{ value: number }>({ open: follow, signal })
    }),
  })
}
