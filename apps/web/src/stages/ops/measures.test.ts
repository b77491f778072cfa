import {
  byStage,
  durationBounds,
  type Durations,
  type NodeSample,
  type NodeView,
  type OpsFrame,
} from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { alarmsOf } from './alarms.ts'
import { MAX_FRAMES, measuresOf, withFrame } from './measures.ts'
import { evenly, pastFrames } from './past-frames.ts'
import { bytes, count, duration, span } from './units.ts'

const none = (): Durations => ({
  count: 0,
  sumSeconds: 0,
  buckets: [...durationBounds, null].map(() => 0),
  p50: null,
  p99: null,
})
const stage = (deliveries = 0, behind = 0) => ({
  channels: 0,
  subscribers: { trpc: 0, sse: 0, plain: 0, socketio: 0 },
  events: deliveries / 10,
  deliveries,
  bytes: deliveries * 100,
  dropped: 0,
  snapshots: 0,
  replayed: 0,
  reconnects: 0,
  behind,
  lagEvents: behind * 3,
  fanOut: none(),
  delivery: none(),
})

/** The report of a node with this many deliveries after this many seconds. */
function sample(seconds: number, deliveries: number, more: Partial<NodeSample> = {}): NodeSample {
  return {
    node: 'n',
    version: '1',
    at: new Date(seconds * 1_000).toISOString(),
    uptimeSeconds: seconds,
    readiness: 'ready',
    connections: { trpc: 2, sse: 0, plain: 1, socketio: 0 },
    roomsFollowed: 0,
    stages: { ...byStage(() => stage()), campaign: stage(deliveries), market: stage(0, 1) },
    errors: {},
    disconnects: {},
    refusedUpgrades: {},
    calls: { query: none(), mutation: none(), rest: none() },
    transactions: { read: none(), write: none() },
    bus: { kind: 'memory', isConnected: true, sent: 0, received: 0, reconnects: 0 },
    redis: { kind: 'memory', isConnected: true },
    database: { kind: 'sqlite', isUp: true },
    process: { rssBytes: 1, heapBytes: 1, cpuSeconds: seconds / 4 },
    ...more,
  }
}
const node = (nodeId: string, of: NodeSample | null, state: NodeView['state'] = 'ready'): NodeView => ({
  nodeId,
  name: `host:${nodeId}`,
  startedAt: '2026-11-21T10:00:00.000Z',
  version: '1',
  at: 0,
  sample: of,
  state,
  heardAt: 5_000,
})
const frame = (seconds: number, ...nodes: NodeView[]): OpsFrame => ({
  at: seconds * 1_000,
  nodeId: 'a',
  nodes,
  rooms: [],
  slow: [],
})

describe('the operators’ charts', () => {
  it('rates are taken between two reports of a node, also when reports between them are missing', () => {
    const all = measuresOf([frame(2, node('a', sample(2, 100))), frame(10, node('a', sample(10, 900)))], null)
    expect(all.moments).toHaveLength(2)
    expect(all.moments[0]).toMatchObject({ at: 2, trpc: 2, plain: 1, deliveries: null, deliveryP99: null })
    expect(all.moments[1]).toMatchObject({ at: 10, deliveries: 100, events: 10, bytes: 10_000, lag: 3, behind: 1 })
    expect(all.cpu.get('a')).toBeCloseTo(0.25)
  })

  it('the charts add the nodes up, or show the chosen node alone', () => {
    const history = [
      frame(2, node('a', sample(2, 0)), node('b', sample(2, 0))),
      frame(4, node('a', sample(4, 20)), node('b', sample(4, 200))),
    ]
    expect(measuresOf(history, null).moments.at(-1)).toMatchObject({ deliveries: 110, trpc: 4 })
    expect(measuresOf(history, 'b').moments.at(-1)).toMatchObject({ deliveries: 100, trpc: 2 })
  })

  it('a node without a new report keeps its rate, and a node that is gone is left out', () => {
    const quiet = node('b', sample(4, 200))
    const history = [
      frame(2, node('a', sample(2, 0)), node('b', sample(2, 0))),
      frame(4, node('a', sample(4, 20)), quiet),
      frame(6, node('a', sample(6, 40)), quiet),
      frame(8, node('a', sample(8, 60)), { ...quiet, state: 'gone' }),
    ]
    expect(measuresOf(history, null).moments.map(({ deliveries }) => deliveries)).toEqual([null, 110, 110, 10])
  })

  it('a rate is never below zero after a restart, and a node of another version does not stop the charts', () => {
    const history = [
      frame(2, node('a', sample(2, 1_000)), node('new', null)),
      frame(4, node('a2', sample(4, 0)), node('new', null)),
      frame(6, node('a2', sample(6, 10)), node('new', null)),
    ]
    expect(measuresOf(history, null).moments.map(({ deliveries }) => deliveries)).toEqual([null, null, 5])
  })

  it('percentiles are taken over all stages and nodes since the report before', () => {
    const slow = { ...none(), buckets: none().buckets.map((_, place) => (place === 9 ? 10 : 0)) }
    const fast = { ...none(), buckets: none().buckets.map((_, place) => (place === 3 ? 990 : 0)) }
    const stages = (delivery: Durations) => ({ ...sample(0, 0).stages, campaign: { ...stage(), delivery } })
    const history = [
      frame(2, node('a', sample(2, 0)), node('b', sample(2, 0))),
      frame(4, node('a', sample(4, 0, { stages: stages(fast) })), node('b', sample(4, 0, { stages: stages(slow) }))),
    ]
    const last = measuresOf(history, null).moments.at(-1)
    expect(last?.deliveryP50).toBeLessThanOrEqual(0.001)
    expect(last?.deliveryP99).toBeLessThanOrEqual(0.001)
    expect(measuresOf(history, 'b').moments.at(-1)?.deliveryP50).toBeGreaterThan(0.025)
  })

  it('errors are counted by code over the time that is shown', () => {
    const history = [
      frame(2, node('a', sample(2, 0, { errors: { UNAUTHORIZED: 50 } }))),
      frame(4, node('a', sample(4, 0, { errors: { UNAUTHORIZED: 51, NOT_FOUND: 4 } }))),
    ]
    const { errors, moments } = measuresOf(history, null)
    expect(errors).toEqual([
      { code: 'NOT_FOUND', count: 4 },
      { code: 'UNAUTHORIZED', count: 1 },
    ])
    expect(moments.at(-1)?.errors).toBe(2.5)
  })

  it('the charts go back five minutes, and time never runs backwards in them', () => {
    let history: readonly OpsFrame[] = []
    for (let n = 1; n <= MAX_FRAMES + 10; n++) history = withFrame(history, frame(n * 2, node('a', sample(n * 2, n))))
    expect(history).toHaveLength(MAX_FRAMES)
    expect(withFrame(history, frame(3))).toBe(history)
  })
})

describe('alarms', () => {
  const dependency = (state: 'up' | 'down' | 'absent') => ({
    name: `the ${state} one`,
    detail: '',
    state,
    since: '1970-01-01T00:00:07.000Z',
    latencyMs: null,
    error: null,
  })

  it('an operator is alarmed by a node that is gone, a node without its dependencies, and a dependency that is down', () => {
    const ill = sample(2, 0, { database: { kind: 'postgres', isUp: false } })
    const all = [dependency('up'), dependency('down'), dependency('absent')]
    const asked = { node: 'host:a', dependencies: all }
    const now = frame(9, node('a', ill), node('b', null, 'gone'), node('c', ill))
    // For the node that listed its dependencies the list says more.
    expect(alarmsOf(now, asked)).toEqual([
      { id: 'b', text: 'The node host:b is gone', since: 5_000 },
      { id: 'c the database', text: 'The node host:c can not reach the database', since: null },
      { id: 'the down one', text: 'the down one: down', since: 7_000 },
    ])
    expect(alarmsOf(now, undefined).map(({ id }) => id)).toEqual(['a the database', 'b', 'c the database'])
  })
})

describe('numbers', () => {
  it('numbers are written so that they can be read at a glance', () => {
    expect([count(0), count(12.34), count(12_345)]).toEqual(['0', '12.3', '12.3K'])
    expect([bytes(0), bytes(999), bytes(1_500), bytes(2_500_000)]).toEqual([
      '0\u00A0B',
      '999\u00A0B',
      '1.5\u00A0kB',
      '2.5\u00A0MB',
    ])
    expect([duration(0.000_42), duration(0.012_3), duration(2.34)]).toEqual([
      '0.42\u00A0ms',
      '12\u00A0ms',
      '2.3\u00A0s',
    ])
    expect([span(-5), span(59_999), span(61_000), span(3_660_000), span(3 * 86_400_000)]).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '1 h 1 min',
      '3 days',
    ])
  })
})

describe('the charts when the page opens', () => {
  const samples = [0, 10, 20, 30].map((seconds) => sample(seconds + 100, seconds * 10, { node: 'a' }))
  const first = frame(132, node('a', sample(132, 320)))

  it('show the minutes before it, each value at each of its moments', () => {
    const history = [first]
    const all = measuresOf([...pastFrames(samples, history, null), ...history], null)
    const moments = evenly(all.moments)
    expect(moments.map(({ at }) => at)).toEqual(Array.from({ length: 17 }, (_, place) => 100 + 2 * place))
    expect(moments.slice(1).map(({ deliveries }) => deliveries)).toEqual(Array.from({ length: 16 }, () => 10))
  })

  it('show nothing older than five minutes, of an earlier start, or after the page was opened', () => {
    const later = [first, frame(425, node('a', sample(425, 900)))]
    expect(pastFrames(samples, later, null).map(({ at }) => at)).toEqual([130_000])
    expect(pastFrames([sample(120, 1, { node: 'before' }), sample(140, 1, { node: 'a' })], [first], null)).toEqual([])
  })

  it('show no past where they add several nodes up, but that of the node itself', () => {
    const both = [frame(132, node('a', sample(132, 0)), node('b', sample(132, 0)))]
    expect(pastFrames(samples, both, null)).toEqual([])
    expect(pastFrames(samples, both, 'b')).toEqual([])
    expect(pastFrames(samples, both, 'a')).toHaveLength(4)
  })

  it('leave a break as it is', () => {
    const times = [sample(100, 0, { node: 'a' }), sample(130, 10, { node: 'a' })]
    expect(evenly(measuresOf(pastFrames(times, [first], null), null).moments).map(({ at }) => at)).toEqual([100, 130])
  })
})
