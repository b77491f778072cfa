import type { FeedStatus } from '@tablecast/contracts'
import type { Probe } from '../../ops/dependencies.ts'

/** `status` reads the present state of the feed. */
export const feedProbe = (
  { name, stream, subject }: { name: string; stream: string; subject: string },
  status: () => FeedStatus | undefined,
): Probe => ({
  name: `Feed ${name}`,
  detail: `stream ${stream}, subject ${subject}`,
  async ping() {
    const { isRunning, problem, isDown } = status() ?? { isRunning: false, problem: null, isDown: false }
    if (isRunning) return
    if (problem && !isDown) return { absent: problem }
    throw new Error(problem ?? 'the feed is not read: the bus is unreachable, or has just come back')
  },
  isTimed: false,
  everyMs: 0,
})
