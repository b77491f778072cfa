// The lists of the operators' page.
import type { Dependency, NodeState, NodeView, RoomView, SlowClientView } from '@tablecast/contracts'
import { type Column, OpsTable, StateMark } from './OpsTable.tsx'
import { bytes, count, duration, percent, span } from './units.ts'

const stateMarks: Record<NodeState, Parameters<typeof StateMark>[0]> = {
  starting: { tone: 'warn', text: 'Starting' },
  ready: { tone: 'good', text: 'Ready' },
  draining: { tone: 'warn', text: 'Draining' },
  gone: { tone: 'bad', text: 'Gone' },
}
const none = <span className="text-soft">–</span>

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
    of: ({ startedAt, state, now }) => (state === 'gone' ? none : span(now - Date.parse(startedAt))),
    isNumber: true,
    isWide: true,
  },
  {
    name: 'Connections',
    of: ({ sample, state }) =>
      sample && state !== 'gone' ? count(Object.values(sample.connections).reduce((all, one) => all + one, 0)) : none,
    isNumber: true,
  },
  {
    name: 'Memory',
    of: ({ sample, state }) => (sample && state !== 'gone' ? bytes(sample.process.rssBytes) : none),
    isNumber: true,
    isWide: true,
  },
  {
    name: 'CPU',
    of: ({ cpu }) => (cpu === undefined ? none : percent(cpu)),
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

const dependencyMarks: Record<Dependency['state'], Parameters<typeof StateMark>[0]> = {
  up: { tone: 'good', text: 'Up' },
  absent: { tone: 'warn', text: 'Not there' },
  down: { tone: 'bad', text: 'Down' },
}

type DependencyRow = Dependency & { now: number }

const dependencyColumns: readonly Column<DependencyRow>[] = [
  {
    name: 'Dependency',
    of: ({ name, detail, state, error }) => (
      <>
        <span className="block font-semibold">{name}</span>
        <span className="text-soft block text-xs [overflow-wrap:anywhere]">{detail}</span>
        {error && (
          <span className={`block text-xs [overflow-wrap:anywhere] ${state === 'down' ? 'text-bad' : 'text-soft'}`}>
            {state === 'up' ? `last trouble: ${error}` : error}
          </span>
        )}
      </>
    ),
  },
  {
    name: 'State',
    of: ({ state }) => <StateMark {...dependencyMarks[state]} />,
  },
  { name: 'Since', of: ({ since, now }) => span(now - Date.parse(since)), isNumber: true, isWide: true },
  {
    name: 'Answers in',
    of: ({ latencyMs }) => (latencyMs === null ? none : duration(latencyMs / 1_000)),
    isNumber: true,
  },
]

type DependenciesProps = {
  node: string | null
  dependencies: readonly Dependency[]
  now: number
  problem: string | null
}

export function DependenciesTable({ node, dependencies, now, problem }: DependenciesProps) {
  return (
    <OpsTable
      title={node === null ? 'Dependencies' : `Dependencies, as ${node} sees them`}
      columns={dependencyColumns}
      rows={dependencies.map((dependency) => ({ ...dependency, now }))}
      keyOf={({ name }) => name}
      empty={problem ?? 'Asking each of them…'}
    />
  )
}

const roomColumns: readonly Column<RoomView>[] = [
  {
    name: 'Room',
    of: ({ id, name }) => (
      <>
        <span className="block font-semibold [overflow-wrap:anywhere]">{name ?? id}</span>
        {name !== null && <span className="text-soft block text-xs">{id}</span>}
      </>
    ),
  },
  { name: 'Followers', of: ({ followers }) => count(followers), isNumber: true },
  { name: 'Events/s', of: ({ eventsPerSecond }) => count(eventsPerSecond), isNumber: true },
  { name: 'On nodes', of: ({ nodes }) => nodes, isNumber: true, isWide: true },
]

export function RoomsTable({ rooms }: { rooms: readonly RoomView[] }) {
  return (
    <OpsTable
      title="Rooms"
      columns={roomColumns}
      rows={rooms}
      keyOf={({ id }) => id}
      empty="Nobody follows a room at the moment. Those with the most followers appear here by themselves."
    />
  )
}

type SlowRow = SlowClientView & { what: string; now: number }

const slowColumns: readonly Column<SlowRow>[] = [
  {
    name: 'Client',
    of: ({ name, stage, what, transport }) => (
      <>
        <span className="block font-semibold [overflow-wrap:anywhere]">{name ?? 'a program without a token'}</span>
        <span className="text-soft block text-xs [overflow-wrap:anywhere]">
          {stage}: {what}, over {transport}
        </span>
      </>
    ),
  },
  { name: 'Events behind', of: ({ eventsBehind }) => count(eventsBehind), isNumber: true },
  { name: 'Waiting', of: ({ bytesWaiting }) => bytes(bytesWaiting), isNumber: true },
  { name: 'For', of: ({ since, now }) => span(now - since), isNumber: true, isWide: true },
  { name: 'Node', of: ({ node }) => node, isWide: true },
]

type SlowProps = { slow: readonly SlowClientView[]; rooms: readonly RoomView[]; now: number }

export function SlowClientsTable({ slow, rooms, now }: SlowProps) {
  const roomName = (id: string) => rooms.find((room) => room.id === id)?.name ?? id
  const rows = slow.map((client) => ({
    ...client,
    what: client.stage === 'campaign' ? roomName(client.stream) : client.stream,
    now,
  }))
  return (
    <OpsTable
      title="Slow clients"
      columns={slowColumns}
      rows={rows}
      keyOf={({ node, stage, stream, name, transport, since, eventsBehind, bytesWaiting }) =>
        [node, stage, stream, name, transport, since, eventsBehind, bytesWaiting].join(' ')
      }
      empty="Everybody reads as fast as events come."
    />
  )
}

type ErrorRow = { code: string; count: number }

const errorColumns: readonly Column<ErrorRow>[] = [
  { name: 'Code', of: ({ code }) => <code className="[overflow-wrap:anywhere]">{code}</code> },
  { name: 'Times', of: ({ count: times }) => count(times), isNumber: true },
]

export function ErrorsTable({ errors }: { errors: readonly ErrorRow[] }) {
  return (
    <OpsTable
      title="Errors told, by code"
      columns={errorColumns}
      rows={errors}
      keyOf={({ code }) => code}
      empty="No client was told of an error in the last five minutes."
    />
  )
}
