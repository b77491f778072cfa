// The parents of the agents over the rounds: a lane for each agent, from its birth to its death.
import { shortened } from '@tablecast/contracts'
import { colourOf, familiesOf } from './colours.ts'
import type { Agent } from './game-state.ts'

const LANE = 26
const COLUMN = 96
const LABEL = 132
const TOP = 24

export function Lineage({ agents, round }: { agents: readonly Agent[]; round: number }) {
  if (agents.length === 0) return null
  const ordered = inFamilies(agents)
  const families = familiesOf(agents)
  const last = Math.max(2, round + 1, ...agents.map(({ bornIn }) => bornIn + 1))
  const laneOf = new Map(ordered.map(({ id }, place) => [id, TOP + place * LANE + LANE / 2]))
  const x = (at: number) => LABEL + (at - 1) * COLUMN
  const height = TOP + ordered.length * LANE + 8
  const width = LABEL + (last - 1) * COLUMN + 24
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Lineage, scrolls sideways">
      <svg width={width} height={height} role="img" aria-label={described(ordered)} className="block">
        {Array.from({ length: last - 1 }, (_, place) => (
          <g key={place}>
            <line x1={x(place + 1)} x2={x(place + 1)} y1={TOP - 4} y2={height} stroke="var(--line)" />
            <text x={x(place + 1) + 6} y={14} fontSize="11" fill="var(--soft)">
              Round {place + 1}
            </text>
          </g>
        ))}
        {ordered.map((agent) => {
          const y = laneOf.get(agent.id) ?? 0
          const parentY = agent.parentId ? laneOf.get(agent.parentId) : undefined
          const from = x(agent.bornIn)
          const to = agent.diedIn === null ? x(last) : x(agent.diedIn) + COLUMN * 0.7
          const colour = colourOf(agent.persona, families)
          return (
            <g key={agent.id} className="arrive">
              {parentY !== undefined && (
                <path
                  d={`M ${from - COLUMN * 0.3} ${parentY} C ${from} ${parentY}, ${from - COLUMN * 0.3} ${y}, ${from} ${y}`}
                  fill="none"
                  stroke={colour}
                  strokeWidth="3"
                />
              )}
              <line
                x1={from}
                x2={to}
                y1={y}
                y2={y}
                stroke={colour}
                strokeWidth={agent.diedIn === null ? 6 : 3}
                strokeLinecap="round"
              />
              {agent.diedIn !== null && (
                <text x={to + 8} y={y + 4} fontSize="13" fill="var(--soft)">
                  ✕
                </text>
              )}
              <text x={4} y={y + 4} fontSize="12" fill={agent.diedIn === null ? 'var(--ink)' : 'var(--soft)'}>
                {shortened(agent.name, 18)}
              </text>
            </g>
          )
        })}
      </svg>
    </div>
  )
}

/** Each child right below its parent. */
function inFamilies(agents: readonly Agent[]): Agent[] {
  const childrenOf = Map.groupBy(agents, ({ parentId }) => parentId)
  const known = new Set(agents.map(({ id }) => id))
  const visit = (agent: Agent): Agent[] => [agent, ...(childrenOf.get(agent.id) ?? []).flatMap(visit)]
  return agents.filter(({ parentId }) => parentId === null || !known.has(parentId)).flatMap(visit)
}

const described = (agents: readonly Agent[]): string =>
  `Lineage. ${agents
    .map(({ name, parentId, diedIn }) => {
      const parent = agents.find(({ id }) => id === parentId)
      return `${name}${parent ? `, clone of ${parent.name}` : ''}${diedIn === null ? '' : `, out in round ${diedIn}`}`
    })
    .join('; ')}.`
