// The points of each agent, round by round, with a table for people who can't see the lines.
import { shortened } from '@tablecast/contracts'
import { colourOf, familiesOf } from './colours.ts'
import type { Agent } from './game-state.ts'

const WIDTH = 560
const HEIGHT = 240
const LEFT = 36
const RIGHT = 120
const BOTTOM = 28
const TOP = 12

export function ScoreChart({ agents }: { agents: readonly Agent[] }) {
  const played = agents.filter(({ totals }) => totals.length > 0)
  if (played.length === 0) return <p className="text-soft text-sm">The first points come after the first round.</p>
  const families = familiesOf(agents)
  const rounds = Math.max(...played.flatMap(({ totals }) => totals.map(({ round }) => round)))
  const highest = Math.max(10, ...played.map(({ total }) => total))
  const x = (round: number) => LEFT + (round / Math.max(1, rounds)) * (WIDTH - LEFT - RIGHT)
  const y = (total: number) => HEIGHT - BOTTOM - (total / highest) * (HEIGHT - BOTTOM - TOP)
  const isLabelledAtEnd = (agent: Agent) => agent.totals.at(-1)?.round === rounds
  const labels = spread(played.filter(isLabelledAtEnd).map((agent) => ({ agent, at: y(agent.total) })))
  const placeOf = new Map(labels.map(({ agent, at }) => [agent.id, at]))
  return (
    <>
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Points, scrolls sideways">
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="w-full min-w-[32rem]" aria-hidden="true">
          {[0, 0.5, 1].map((part) => (
            <g key={part}>
              <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(highest * part)} y2={y(highest * part)} stroke="var(--line)" />
              <text x={LEFT - 6} y={y(highest * part) + 4} fontSize="11" textAnchor="end" fill="var(--soft)">
                {Math.round(highest * part)}
              </text>
            </g>
          ))}
          {Array.from({ length: rounds }, (_, place) => (
            <text key={place} x={x(place + 1)} y={HEIGHT - 8} fontSize="11" textAnchor="middle" fill="var(--soft)">
              {place + 1}
            </text>
          ))}
          {played.map((agent) => {
            const at = placeOf.get(agent.id)
            const colour = colourOf(agent.persona, families)
            const points = [{ round: agent.bornIn - 1, total: 0 }, ...agent.totals]
            const end = points.at(-1)
            return (
              <g key={agent.id}>
                <polyline
                  points={points.map(({ round, total }) => `${x(round)},${y(total)}`).join(' ')}
                  fill="none"
                  stroke={colour}
                  strokeWidth="2.5"
                  strokeDasharray={agent.diedIn === null ? undefined : '4 4'}
                />
                {end && <circle cx={x(end.round)} cy={y(end.total)} r="4" fill={colour} />}
                <text
                  x={at === undefined ? x(end?.round ?? 0) + 8 : WIDTH - RIGHT + 10}
                  y={(at ?? y(end?.total ?? 0) + 8) + 4}
                  fontSize="12"
                  fill={agent.diedIn === null ? 'var(--ink)' : 'var(--soft)'}
                >
                  {shortened(agent.name, 14)} {agent.total}
                </text>
              </g>
            )
          })}
        </svg>
      </div>
      <table className="sr-only">
        <caption>Points after each round</caption>
        <thead>
          <tr>
            <th scope="col">Agent</th>
            {Array.from({ length: rounds }, (_, place) => (
              <th key={place} scope="col">
                Round {place + 1}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {played.map((agent) => (
            <tr key={agent.id}>
              <th scope="row">{agent.name}</th>
              {Array.from({ length: rounds }, (_, place) => (
                <td key={place}>{agent.totals.find(({ round }) => round === place + 1)?.total ?? '–'}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

/** Moves labels apart that would overlap, and keeps their order. */
function spread<T extends { at: number }>(labels: readonly T[]): T[] {
  const GAP = 14
  const sorted = labels.toSorted((a, b) => a.at - b.at)
  let next = TOP
  const placed = sorted.map((label) => {
    const at = Math.max(label.at, next)
    next = at + GAP
    return { ...label, at }
  })
  const over = Math.max(0, (placed.at(-1)?.at ?? 0) - (HEIGHT - 6))
  return placed.map((label) => ({ ...label, at: label.at - over }))
}
