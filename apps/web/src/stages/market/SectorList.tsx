import { TrendingDown, TrendingUp } from 'lucide-react'
import { Sparkline } from '../../ui/sparkline.tsx'
import { useMarket } from './market-connection.ts'
import { changeOf } from './market-state.ts'
import { money, percent } from './numbers.ts'

type Props = { chosen: string | null; onChoose: (id: string) => void }

/** The board: each sector with its value, its change since yesterday, and the last minute. */
export function SectorList({ chosen, onChoose }: Props) {
  const sectors = useMarket((state) => state.market.sectors)
  const ids = [...sectors.keys()]
  return (
    <section aria-label="Sectors" className="min-w-0">
      <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-1">
        {ids.map((id) => (
          <SectorRow key={id} id={id} isChosen={id === chosen} onChoose={() => onChoose(id)} />
        ))}
      </ul>
    </section>
  )
}

function SectorRow({ id, isChosen, onChoose }: { id: string; isChosen: boolean; onChoose: () => void }) {
  const sector = useMarket((state) => state.market.sectors.get(id))
  if (!sector) return null
  const change = changeOf(sector)
  return (
    <li data-testid="sector">
      <button
        type="button"
        aria-pressed={isChosen}
        onClick={onChoose}
        className={`bg-card grid w-full grid-cols-[minmax(0,1fr)_4rem_5.25rem] items-center gap-3 rounded-2xl border p-3 text-left transition ${isChosen ? 'border-accent' : 'border-line hover:border-accent'}`}
      >
        <span className="min-w-0">
          <span className="block truncate font-semibold">{sector.name}</span>
          <span className="text-soft block truncate text-xs">{sector.description || id}</span>
        </span>
        <Sparkline values={sector.past} className="h-8 w-full" />
        <span className="text-right tabular-nums">
          <span className="block font-semibold" data-testid="value">
            {money(sector.value)}
          </span>
          <Change part={change} />
        </span>
      </button>
    </li>
  )
}

/** The change in words as well, for people who can't see colour and arrow. */
export function Change({ part }: { part: number | null }) {
  if (part === null) return <span className="text-soft block text-xs">–</span>
  const isUp = part >= 0
  const Icon = isUp ? TrendingUp : TrendingDown
  return (
    <span className={`flex items-center justify-end gap-1 text-xs ${isUp ? 'text-good' : 'text-bad'}`}>
      <Icon size={14} aria-hidden="true" />
      <span className="sr-only">{isUp ? 'up' : 'down'} since yesterday: </span>
      {percent(part)}
    </span>
  )
}
