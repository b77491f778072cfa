// A node's figures for its operator. Totals count from the start of the node; a rate is the difference of two samples.
import { z } from 'zod'
import { byStage } from './stages.ts'

export const transports = ['trpc', 'sse', 'plain', 'socketio'] as const
export type Transport = (typeof transports)[number]

/** Upper bounds of the buckets of durations, in seconds. One more bucket holds longer durations. */
export const durationBounds = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const

/** `buckets`: the count for each of `durationBounds`, then the longer ones. `p50`, `p99`: in seconds, null without a measurement. */
export const Durations = z.object({
  count: z.int(),
  sumSeconds: z.number(),
  buckets: z.array(z.int()),
  p50: z.number().nullable(),
  p99: z.number().nullable(),
})
export type Durations = z.infer<typeof Durations>

const total = z.int().nonnegative()
const byTransport = z.object({ trpc: total, sse: total, plain: total, socketio: total })
const byWord = z.record(z.string(), total)

/**
 * `events`: added to channels of this node. `deliveries`, `bytes`: written to clients. `behind`: the number of subscribers that lack
 * events. `lagEvents`: the most events that one of them lacks. `delivery`: the time from commit or arrival to the sockets.
 */
export const StageSample = z.object({
  channels: total,
  subscribers: byTransport,
  events: total,
  deliveries: total,
  bytes: total,
  dropped: total,
  snapshots: total,
  replayed: total,
  reconnects: total,
  behind: total,
  lagEvents: total,
  fanOut: Durations,
  delivery: Durations,
})
export type StageSample = z.infer<typeof StageSample>

/** `node`: an id that changes with each start. `cpuSeconds`: user and system time since the start. */
export const NodeSample = z.object({
  node: z.string(),
  version: z.string(),
  at: z.iso.datetime(),
  uptimeSeconds: z.number(),
  readiness: z.enum(['starting', 'ready', 'draining']),
  connections: byTransport,
  roomsFollowed: total,
  stages: z.object(byStage(() => StageSample)),
  errors: byWord,
  disconnects: byWord,
  refusedUpgrades: byWord,
  calls: z.object({ query: Durations, mutation: Durations, rest: Durations }),
  transactions: z.object({ read: Durations, write: Durations }),
  bus: z.object({
    kind: z.enum(['memory', 'nats']),
    isConnected: z.boolean(),
    sent: total,
    received: total,
    reconnects: total,
  }),
  /** The market's channels. */
  redis: z.object({ kind: z.enum(['memory', 'nats', 'redis']), isConnected: z.boolean() }),
  database: z.object({ kind: z.enum(['sqlite', 'postgres']), isUp: z.boolean() }),
  /**
   * `bytes`: of the pictures of all rooms; null when nobody could count them. Nodes that share a database share the pictures.
   * `encoderDeaths`: processes that read pictures and were ended before they were done. Older nodes send none of this.
   * `cut`: of the pictures of maps. `tile`: of the fog on their tiles. Some older nodes send neither.
   */
  pictures: z
    .object({
      bytes: total.nullable(),
      kept: total,
      refused: total,
      failed: total,
      encoderDeaths: total,
      render: Durations,
      cut: Durations.optional(),
      tile: Durations.optional(),
    })
    .optional(),
  process: z.object({ rssBytes: total, heapBytes: total, cpuSeconds: z.number() }),
})
export type NodeSample = z.infer<typeof NodeSample>

/** The quantile `q` of the durations, in seconds, interpolated within its bucket; null without durations. */
export function quantileOf(buckets: readonly number[], q: number): number | null {
  const count = buckets.reduce((sum, one) => sum + one, 0)
  if (count === 0) return null
  let below = 0
  for (const [index, inside] of buckets.entries()) {
    const upper = durationBounds[index]
    const lower = durationBounds[index - 1] ?? 0
    // The last bucket has no upper bound to interpolate with.
    if (upper === undefined) return lower
    if (inside > 0 && below + inside >= q * count) return lower + ((q * count - below) / inside) * (upper - lower)
    below += inside
  }
  return null
}

/** The durations that a node measured between two of its samples. */
export function durationsBetween(before: Durations, after: Durations): Durations {
  const buckets = after.buckets.map((count, index) => count - (before.buckets[index] ?? 0))
  return {
    count: after.count - before.count,
    sumSeconds: after.sumSeconds - before.sumSeconds,
    buckets,
    p50: quantileOf(buckets, 0.5),
    p99: quantileOf(buckets, 0.99),
  }
}
