import { setImmediate as turn } from 'node:timers/promises'
import { type Bus, MemoryBus } from '@tablecast/bus'
import type { OpsFrame } from '@tablecast/contracts'
import type { Batch } from '@tablecast/hub'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { NodeReports } from './node-reports.ts'

const failed = (error: unknown) => {
  throw error
}

/** Nodes on one bus, with a clock that the test moves. */
function openNodes(bus: Bus = new MemoryBus(failed)) {
  const subjects: string[] = []
  for (const subject of ['tablecast.ops.watch', 'tablecast.ops.report'])
    bus.subscribe(subject, () => subjects.push(subject))
  const open = (nodeId: string) => {
    let measured = 0
    const reports = new NodeReports({
      bus,
      nodeId,
      name: () => `host:${nodeId}`,
      version: '1',
      measure() {
        measured += 1
        return Promise.resolve({ sample: null, rooms: [], slow: [] })
      },
      failed,
      now: () => Date.now(),
    })
    const frame = () => {
      const { channel } = reports
      const text = channel.at(channel.head)?.text
      return text === undefined ? null : (JSON.parse(text) as OpsFrame)
    }
    const states = () => Object.fromEntries(frame()?.nodes.map((node) => [node.nodeId, node.state]) ?? [])
    return { reports, frame, states, measured: () => measured }
  }
  return { open, subjects, bus }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

describe('The reports of the nodes', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('are neither measured nor sent while nobody watches', async () => {
    const { open, subjects } = openNodes()
    using a = open('a').reports
    const b = open('b')
    using _ = b.reports
    await pass(60_000)
    expect([a.isReporting, b.measured(), subjects]).toEqual([false, 0, []])
  })

  it('reach a watcher from every node, and stop with the last watcher', async () => {
    const { open, subjects } = openNodes()
    const [a, b, c] = [open('a'), open('b'), open('c')]
    const first = a.reports.watch()
    const second = a.reports.watch()
    await pass(0)
    // At once, before the next interval.
    expect(a.states()).toEqual({ a: 'ready', b: 'ready', c: 'ready' })
    const before = b.measured()
    await pass(10_000)
    expect(b.measured() - before).toBe(5)
    expect(a.frame()?.nodes.map(({ heardAt }) => heardAt >= Date.now() - 2_000)).toEqual([true, true, true])
    first()
    first()
    await pass(4_000)
    expect(b.reports.isReporting).toBe(true)
    second()
    await pass(0)
    await pass(2_000)
    expect([a, b, c].map(({ reports }) => reports.isReporting)).toEqual([false, false, false])
    const count = subjects.length
    await pass(60_000)
    expect(subjects.length).toBe(count)
  })

  it('go on while there is a watcher on another node', async () => {
    const { open } = openNodes()
    const [a, b, c] = [open('a'), open('b'), open('c')]
    const onA = a.reports.watch()
    const onB = b.reports.watch()
    await pass(2_000)
    expect([a.states(), b.states()]).toEqual([
      { a: 'ready', b: 'ready', c: 'ready' },
      { a: 'ready', b: 'ready', c: 'ready' },
    ])
    onA()
    await pass(20_000)
    expect(b.states()).toEqual({ a: 'ready', b: 'ready', c: 'ready' })
    expect(c.reports.isReporting).toBe(true)
    onB()
    await pass(4_000)
    expect(c.reports.isReporting).toBe(false)
  })

  it('stop by themselves when the node that asked for them was killed', async () => {
    const { open, bus } = openNodes()
    const b = open('b')
    bus.publish('tablecast.ops.watch', JSON.stringify({ node: 'killed', isWatching: true }))
    await pass(4_000)
    expect(b.reports.isReporting).toBe(true)
    await pass(6_000)
    expect(b.reports.isReporting).toBe(false)
  })

  it('show a node that is killed as gone after six seconds, and one that stops at once', async () => {
    const { open, bus } = openNodes()
    const a = open('a')
    const stops = open('stops')
    let isAlive = true
    const line = new Proxy(bus, {
      get(target, name) {
        if (name === 'isConnected') return isAlive
        const value = Reflect.get(target, name) as unknown
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
    openNodes(line).open('killed')
    a.reports.watch()
    await pass(4_000)
    expect(a.states()).toEqual({ a: 'ready', stops: 'ready', killed: 'ready' })
    stops.reports[Symbol.dispose]()
    isAlive = false
    await pass(0)
    expect(a.states()).toEqual({ a: 'ready', stops: 'gone', killed: 'ready' })
    await pass(10_000)
    expect(a.states()).toEqual({ a: 'ready', stops: 'gone', killed: 'gone' })
    isAlive = true
    await pass(2_000)
    expect(a.states()).toEqual({ a: 'ready', stops: 'gone', killed: 'ready' })
  })

  it('ignore messages that are not reports', async () => {
    const { open, bus } = openNodes()
    const a = open('a')
    a.reports.watch()
    await pass(0)
    for (const text of ['no JSON', '{}', '{"nodeId":1}', '[]', '{"leaving":5}'])
      bus.publish('tablecast.ops.report', text)
    for (const text of ['no JSON', '{}', '{"node":{}}']) bus.publish('tablecast.ops.watch', text)
    await pass(2_000)
    expect(a.states()).toEqual({ a: 'ready' })
  })

  it('show a node of another version although its sample can not be read', async () => {
    const { open, bus } = openNodes()
    const a = open('a')
    a.reports.watch()
    const other = {
      nodeId: 'new',
      name: 'host:new',
      startedAt: '2026-11-21T10:00:00.000Z',
      version: '2',
      at: 1,
      sample: { of: 'another kind' },
      rooms: [],
      slow: [],
    }
    bus.publish('tablecast.ops.report', JSON.stringify(other))
    await pass(0)
    expect(a.frame()?.nodes.find(({ nodeId }) => nodeId === 'new')).toMatchObject({ version: '2', sample: null })
  })

  it('give a new watcher no frame from an earlier watch', async () => {
    const { open } = openNodes()
    const [a, b] = [open('a'), open('b')]
    a.reports.watch()()
    const first = a.reports.watch()
    await pass(0)
    first()
    b.reports[Symbol.dispose]()
    await pass(60_000)
    a.reports.watch()
    const seen: string[] = []
    const sink = { write: ({ events }: Batch) => (seen.push(...events.map(({ text }) => text)), true), close() {} }
    a.reports.channel.subscribe(sink, a.reports.start)
    await pass(0)
    await turn()
    expect(seen.map((text) => (JSON.parse(text) as OpsFrame).nodes.map(({ nodeId }) => nodeId))).toEqual([['a']])
  })

  it('can be polled, and stop some seconds after the last poll', async () => {
    const { open } = openNodes()
    const [a, b] = [open('a'), open('b')]
    const frame = await a.reports.glance()
    expect(frame.nodes.map(({ nodeId }) => nodeId)).toContain('a')
    await pass(2_000)
    expect((await a.reports.glance()).nodes.map(({ nodeId }) => nodeId)).toEqual(['a', 'b'])
    await pass(8_000)
    expect(b.reports.isReporting).toBe(true)
    await pass(8_000)
    expect([a, b].map(({ reports }) => reports.isReporting)).toEqual([false, false])
  })
})
