import type { NodeState, NodeView } from '@tablecast/contracts'
import { type Column, OpsTable, StateMark } from './OpsTable.tsx'
import { bytes, count, percent, span } from './units.ts'
import { noValue } from './no-value.tsx'

const stateMarks: Record<NodeState, Parameters<typeof StateMark>[0]> = {
  starting: { tone: 'warn', text: 'Starting' },
  ready: { tone: 'good', text: 'Ready' },
  draining: { tone: 'warn', text: 'Draining' },
  gone: { tone: 'bad', text: 'Gone' },
}

type NodeRow = NodeView & { cpu: number | undefined; isHere: boolean; now: number }

const nodeColumns: readonly Column<NodeRow>[] = [
  {
    name: 'Node',
    of: ({ nodeId, name, version, isHere }) => (
      <>
        <span className="block font-semibold [overflow-wrap:anywhere]">{name}</span>
        <span className="text-soft block text-xs">
          {nodeId}, version {version}
          {isHere && ', this page’s'}
        </span>
      </>
    ),
  },
  {
    name: 'State',
    of: ({ state, heardAt }) => (
      <>
        <StateMark {...stateMarks[state]} />
        {state === 'gone' && (
          <span className="text-soft block text-xs">last heard {new Date(heardAt).toLocaleTimeString()}</span>
        )}
      </>
    ),
  },
  {
    name: 'Up for',
    of: ({ startedAt, state, now }) => (state === 'gone' ? noValue : span(now - Date.parse(startedAt))),
    isNumber: true,
    isWide: true,
  },
  {
    name: 'Connections',
    of: ({ sample, state }) =>
      sample && state !== 'gone'
        ? count(Object.values(sample.connections).reduce((all, one) => all + one, 0))
        : noValue,
    isNumber: true,
  },
  {
    name: 'Memory',
    of: ({ sample, state }) => (sample && state !== 'gone' ? bytes(sample.process.rssBytes) : noValue),
    isNumber: true,
    isWide: true,
  },
  {
    name: 'CPU',
    of: ({ cpu }) => (cpu === undefined ? noValue : percent(cpu)),
    isNumber: true,
  },
]

type NodesProps = { nodes: readonly NodeView[]; cpu: ReadonlyMap<string, number>; here: string; now: number }

export function NodesTable({ nodes, cpu, here, now }: NodesProps) {
  const rows = nodes.map((node) => ({ ...node, cpu: cpu.get(node.nodeId), isHere: node.nodeId === here, now }))
  return (
    <OpsTable
      title="Nodes"
      columns={nodeColumns}
      rows={rows}
      keyOf={({ nodeId }) => nodeId}
      empty="No node has answered."
    />
  )
}
