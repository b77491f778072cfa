// Turns frames into the charts' values. Rates are differences of totals, so a missing frame loses nothing.
import {
  type Durations,
  durationsBetween,
  type NodeSample,
  type NodeView,
  type OpsFrame,
  quantileOf,
} from '@tablecast/contracts'

export type History = readonly OpsFrame[]

/** Five minutes, at one frame every two seconds. */
export const MAX_FRAMES = 150

/** The values at one moment. Rates are per second, durations in seconds, null where nothing was measured. `at`: whole seconds since 1970. */
export type Moment = {
  at: number
  trpc: number
  sse: number
  plain: number
  socketio: number
  events: number | null
  deliveries: number | null
  bytes: number | null
  deliveryP50: number | null
  deliveryP99: number | null
  fanOutP99: number | null
  /** The most events that one subscriber is behind. */
  lag: number
  behind: number
  dropped: number | null
  snapshots: number | null
  reconnects: number | null
  errors: number | null
}

export type Measures = {
  moments: Moment[]
  /** The share of one core that each node uses, by its id. */
  cpu: ReadonlyMap<string, number>
  /** Errors told to clients within the history, by code, the most frequent first. */
  errors: { code: string; count: number }[]
}

/** Adds a frame, and drops the frames that are older than the charts show. */
export function withFrame(history: History, frame: OpsFrame): History {
  const newest = history.at(-1)
  // After a break another node may answer, whose clock differs, or one that has restarted.
  if (newest && frame.at <= newest.at) return history
  return [...history, frame].slice(-MAX_FRAMES)
}

/** `nodeId` chooses one node; null takes all together. */
export function measuresOf(history: History, nodeId: string | null): Measures {
  const known = new Map<string, Known>()
  const errors = new Map<string, number>()
  const moments: Moment[] = []
  for (const frame of history) {
    const here = frame.nodes.filter((node) => node.state !== 'gone' && (nodeId === null || node.nodeId === nodeId))
    for (const id of known.keys()) if (!here.some((node) => node.nodeId === id)) known.delete(id)
    for (const node of here) meet(known, node, errors)
    const at = Math.floor(frame.at / 1_000)
    if (at > (moments.at(-1)?.at ?? 0)) moments.push(momentOf(at, [...known.values()]))
  }
  return {
    moments,
    cpu: new Map([...known].flatMap(([id, { rates }]) => (rates ? [[id, rates.cpu] as const] : []))),
    errors: [...errors].map(([code, count]) => ({ code, count })).toSorted((a, b) => b.count - a.count),
  }
}

/** A node's newest report, and the difference to the report before it. */
type Known = { sample: NodeSample; rates: Rates | null }
type Rates = {
  events: number
  deliveries: number
  bytes: number
  dropped: number
  snapshots: number
  reconnects: number
  errors: number
  cpu: number
  delivery: Durations[]
  fanOut: Durations[]
}

const stagesOf = ({ stages }: NodeSample) => Object.values(stages)
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

function meet(known: Map<string, Known>, { nodeId, sample }: NodeView, errors: Map<string, number>): void {
  if (!sample) return
  const last = known.get(nodeId)
  // The same report is in several frames when another node came or went.
  if (last?.sample.at === sample.at) return
  const rates = last ? ratesBetween(last.sample, sample) : null
  if (last)
    for (const [code, total] of Object.entries(sample.errors)) {
      const more = total - (last.sample.errors[code] ?? 0)
      if (more > 0) errors.set(code, (errors.get(code) ?? 0) + more)
    }
  known.set(nodeId, { sample, rates })
}

function ratesBetween(before: NodeSample, after: NodeSample): Rates | null {
  const seconds = (Date.parse(after.at) - Date.parse(before.at)) / 1_000
  if (!(seconds > 0)) return null
  const [old, now] = [stagesOf(before), stagesOf(after)]
  const rate = (total: (stage: (typeof now)[number]) => number) => (sum(now.map(total)) - sum(old.map(total))) / seconds
  const pairs = now.flatMap((stage, place) => {
    const other = old[place]
    return other ? [[other, stage] as const] : []
  })
  return {
    events: rate(({ events }) => events),
    deliveries: rate(({ deliveries }) => deliveries),
    bytes: rate(({ bytes }) => bytes),
    dropped: rate(({ dropped }) => dropped),
    snapshots: rate(({ snapshots }) => snapshots),
    reconnects: rate(({ reconnects }) => reconnects),
    errors: (sum(Object.values(after.errors)) - sum(Object.values(before.errors))) / seconds,
    cpu: (after.process.cpuSeconds - before.process.cpuSeconds) / seconds,
    delivery: pairs.map(([one, other]) => durationsBetween(one.delivery, other.delivery)),
    fanOut: pairs.map(([one, other]) => durationsBetween(one.fanOut, other.fanOut)),
  }
}

function momentOf(at: number, nodes: readonly Known[]): Moment {
  const all = nodes.flatMap(({ rates }) => rates ?? [])
  const rate = (of: (rates: Rates) => number) => (all.length > 0 ? sum(all.map(of)) : null)
  const connections = (of: (sample: NodeSample) => number) => sum(nodes.map(({ sample }) => of(sample)))
  const stages = nodes.flatMap(({ sample }) => stagesOf(sample))
  const delivery = together(all.flatMap((rates) => rates.delivery))
  return {
    at,
    trpc: connections((sample) => sample.connections.trpc),
    sse: connections((sample) => sample.connections.sse),
    plain: connections((sample) => sample.connections.plain),
    socketio: connections((sample) => sample.connections.socketio),
    events: rate(({ events }) => events),
    deliveries: rate(({ deliveries }) => deliveries),
    bytes: rate(({ bytes }) => bytes),
    deliveryP50: quantileOf(delivery, 0.5),
    deliveryP99: quantileOf(delivery, 0.99),
    fanOutP99: quantileOf(together(all.flatMap((rates) => rates.fanOut)), 0.99),
    lag: Math.max(0, ...stages.map(({ lagEvents }) => lagEvents)),
    behind: sum(stages.map(({ behind }) => behind)),
    dropped: rate(({ dropped }) => dropped),
    snapshots: rate(({ snapshots }) => snapshots),
    reconnects: rate(({ reconnects }) => reconnects),
    errors: rate(({ errors }) => errors),
  }
}

/** Merges the histograms of several stages and nodes. */
function together(all: readonly Durations[]): number[] {
  const buckets: number[] = []
  for (const durations of all)
    for (const [place, count] of durations.buckets.entries()) buckets[place] = (buckets[place] ?? 0) + count
  return buckets
}
