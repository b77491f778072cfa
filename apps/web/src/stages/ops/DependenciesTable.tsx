import type { Dependency } from '@tablecast/contracts'
import { type Column, OpsTable, StateMark } from './OpsTable.tsx'
import { duration, span } from './units.ts'
import { noValue } from './no-value.tsx'

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
    of: ({ latencyMs }) => (latencyMs === null ? noValue : duration(latencyMs / 1_000)),
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
