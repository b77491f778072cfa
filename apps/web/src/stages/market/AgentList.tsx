import { useMarket } from './market-connection.ts'

const colours: Record<string, string> = { active: 'bg-good', processing: 'bg-warn', error: 'bg-bad' }

/** The agents that trade, with their status. */
export function AgentList() {
  const agents = useMarket((state) => state.market.agents)
  const sectors = useMarket((state) => state.market.sectors)
  return (
    <section aria-label="Agents" className="panel min-w-0">
      <h2 className="text-lg font-semibold">Agents</h2>
      {agents.size === 0 && <p className="text-soft mt-2">There are no agents yet.</p>}
      <ul className="mt-2 grid gap-x-6 sm:grid-cols-2">
        {[...agents.values()].map(({ id, name, description, sectorId, status }) => (
          <li key={id} data-testid="agent" className="border-line flex min-w-0 items-center gap-3 border-t py-2">
            <span className="min-w-0 grow">
              <span className="block truncate">{name}</span>
              <span className="text-soft block truncate text-xs">
                {(sectorId && sectors.get(sectorId)?.name) ?? (description || id)}
              </span>
            </span>
            <span className="text-soft flex max-w-28 items-center gap-2 truncate text-sm">
              <span aria-hidden="true" className={`size-2.5 shrink-0 rounded-full ${colours[status] ?? 'bg-line'}`} />
              <span className="truncate">{status}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
