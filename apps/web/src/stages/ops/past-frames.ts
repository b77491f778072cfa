// The minutes before the page was opened, from the samples that its node has kept.
import type { NodeSample } from '@tablecast/contracts'
import type { History, Moment } from './measures.ts'

const SPAN_MS = 5 * 60_000
/** Frames come every two seconds, samples every ten. A longer gap was a break. */
const FRAME_SECONDS = 2
const MAX_GAP_SECONDS = 15

/**
 * The samples as frames that go before the history. They are of one node alone, so there are none where the charts show others too.
 * `nodeId` chooses one node; null takes all together.
 */
export function pastFrames(samples: readonly NodeSample[], history: History, nodeId: string | null): History {
  const [first] = history
  const newest = history.at(-1)
  if (!first || !newest) return []
  const here = first.nodes.find((node) => node.nodeId === newest.nodeId)
  const shown =
    nodeId === null ? newest.nodes.filter(({ state }) => state !== 'gone').map((node) => node.nodeId) : [nodeId]
  if (!here || shown.length !== 1 || shown[0] !== here.nodeId) return []
  return samples.flatMap((sample) => {
    const at = Date.parse(sample.at)
    const isOfIt = sample.node === here.nodeId && at < first.at && at >= newest.at - SPAN_MS
    return isOfIt
      ? [
          {
            at,
            nodeId: here.nodeId,
            nodes: [{ ...here, state: 'ready', at, heardAt: at, sample }],
            rooms: [],
            slow: [],
          },
        ]
      : []
  })
}

/** The charts draw moments at equal distances. A value over ten seconds stands at each of their moments. */
export const evenly = (moments: readonly Moment[]): Moment[] =>
  moments.flatMap((moment, place) => {
    const gap = moment.at - (moments[place - 1]?.at ?? moment.at)
    const missing = gap > MAX_GAP_SECONDS ? 0 : Math.max(0, Math.floor((gap - 1) / FRAME_SECONDS))
    const between = Array.from({ length: missing }, (_, step) => ({
      ...moment,
      at: moment.at - (missing - step) * FRAME_SECONDS,
    }))
    return [...between, moment]
  })
