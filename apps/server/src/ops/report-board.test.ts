import type { NodeReport } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { ReportBoard } from './report-board.ts'

const report = (nodeId: string, more: Partial<NodeReport> = {}): NodeReport => ({
  nodeId,
  name: `host:${nodeId}`,
  startedAt: '2026-11-21T10:00:00.000Z',
  version: '0.1.0',
  at: 0,
  sample: null,
  rooms: [],
  slow: [],
  ...more,
})
const room = (id: string, followers: number, eventsPerSecond: number, name: string | null = null) => ({
  id,
  name,
  followers,
  eventsPerSecond,
})
const slow = (name: string, eventsBehind: number) => ({
  stage: 'campaign',
  stream: 'main',
  transport: 'trpc',
  name,
  eventsBehind,
  bytesWaiting: 0,
  since: 0,
})

describe('The board of all reports', () => {
  it('shows each node with its newest report, always sorted by name', () => {
    const board = new ReportBoard()
    expect(board.add(report('b'), 1_000)).toBe(true)
    expect(board.add(report('a'), 1_500)).toBe(true)
    expect(board.add(report('b', { version: '0.2.0' }), 3_000)).toBe(false)
    const { nodes } = board.frame('a', 3_000)
    expect(nodes.map(({ name, version, state, heardAt }) => [name, version, state, heardAt])).toEqual([
      ['host:a', '0.1.0', 'ready', 1_500],
      ['host:b', '0.2.0', 'ready', 3_000],
    ])
  })

  it('shows a silent node as gone with the time of its last report, and as ready after its next one', () => {
    const board = new ReportBoard()
    board.add(report('a', { rooms: [room('r', 5, 1)], slow: [slow('Mira', 9)] }), 1_000)
    expect(board.frame('x', 7_000).nodes).toMatchObject([{ state: 'ready' }])
    const silent = board.frame('x', 7_001)
    expect(silent.nodes).toMatchObject([{ state: 'gone', heardAt: 1_000 }])
    // Nobody is connected to a node that is gone.
    expect(silent).toMatchObject({ rooms: [], slow: [] })
    expect(board.add(report('a'), 8_000)).toBe(true)
    expect(board.frame('x', 8_000).nodes).toMatchObject([{ state: 'ready', heardAt: 8_000 }])
  })

  it('shows a node that announced its stop as gone at once, and forgets it after ten minutes', () => {
    const board = new ReportBoard()
    board.add(report('a'), 1_000)
    board.left('a')
    board.left('unknown')
    expect(board.frame('x', 1_000).nodes).toMatchObject([{ nodeId: 'a', state: 'gone' }])
    expect(board.frame('x', 1_000 + 11 * 60_000).nodes).toEqual([])
  })

  it('remembers the 100 nodes with the newest reports', () => {
    const board = new ReportBoard()
    for (let n = 0; n < 150; n++) board.add(report(`n${n}`), n)
    const { nodes } = board.frame('x', 150)
    expect(nodes).toHaveLength(100)
    expect(nodes.map(({ nodeId }) => nodeId)).not.toContain('n49')
    expect(nodes.map(({ nodeId }) => nodeId)).toContain('n50')
  })

  it('adds up a room’s followers over nodes, but not its events, which every node receives', () => {
    const board = new ReportBoard()
    board.add(report('a', { rooms: [room('one', 3, 2, 'Thursday'), room('two', 1, 0)] }), 1_000)
    board.add(report('b', { rooms: [room('two', 9, 0.5, 'Friday'), room('one', 4, 1.5)] }), 1_000)
    expect(board.frame('a', 1_000).rooms).toEqual([
      { id: 'two', name: 'Friday', followers: 10, eventsPerSecond: 0.5, nodes: 2 },
      { id: 'one', name: 'Thursday', followers: 7, eventsPerSecond: 2, nodes: 2 },
    ])
  })

  it('lists the 20 slowest clients of all nodes, each with its node', () => {
    const board = new ReportBoard()
    board.add(report('a', { slow: Array.from({ length: 20 }, (_, n) => slow(`a${n}`, n)) }), 1_000)
    board.add(report('b', { slow: [slow('b', 100)] }), 1_000)
    const { slow: listed } = board.frame('a', 1_000)
    expect(listed).toHaveLength(20)
    expect(listed[0]).toMatchObject({ name: 'b', node: 'host:b', eventsBehind: 100 })
    expect(listed[1]).toMatchObject({ name: 'a19', node: 'host:a', eventsBehind: 19 })
  })
})
