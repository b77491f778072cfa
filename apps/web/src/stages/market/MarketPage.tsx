import { useEffect, useState } from 'react'
import { ConnectionStatus } from '../../live/ConnectionStatus.tsx'
import { StaleNotice } from '../../live/StaleNotice.tsx'
import { ThemeButton } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { AgentList } from './AgentList.tsx'
import { CandleChart } from './CandleChart.tsx'
import { Discussions } from './Discussions.tsx'
import { MarketConnection, useMarket } from './market-connection.ts'
import { money } from './numbers.ts'
import { SectorList } from './SectorList.tsx'

/** For tests: the number of messages, and of the changes of the page that they made. */
type MarketProbe = { received: number; folds: number; snapshots: number; link: string }
declare global {
  interface Window {
    tablecastMarket?: () => MarketProbe
  }
}

export function MarketPage() {
  useEffect(() => {
    document.title = 'Market · Tablecast'
    const connection = new MarketConnection()
    window.tablecastMarket = () => {
      const { received, folds, market, link } = useMarket.getState()
      return { received, folds, snapshots: market.snapshots, link: link.kind }
    }
    return () => {
      delete window.tablecastMarket
      connection.close()
    }
  }, [])
  const link = useMarket((state) => state.link)
  const index = useMarket((state) => state.market.index)
  const sectorIds = useMarket((state) => state.market.sectors)
  const hasBoard = useMarket((state) => state.market.snapshots > 0)
  const [chosen, setChosen] = useState<string | null>(null)
  const selected = chosen !== null && sectorIds.has(chosen) ? chosen : (sectorIds.keys().next().value ?? null)

  return (
    <div className="min-h-dvh">
      <PageHeader
        back="/"
        backLabel="To the start page"
        title="Market"
        subtitle={index === null ? 'Sectors, agents, discussions' : `Index ${money(index)}`}
        isSticky
      >
        <Status />
        <ThemeButton />
      </PageHeader>
      {hasBoard ? (
        <main className="mx-auto grid max-w-[100rem] gap-4 p-3 sm:p-5 lg:grid-cols-[22rem_minmax(0,1fr)] xl:grid-cols-[22rem_minmax(0,1fr)_23rem]">
          <div className="col-span-full empty:hidden has-[p:empty]:hidden">
            <StaleNotice link={link} />
          </div>
          <SectorList chosen={selected} onChoose={setChosen} />
          <div className="flex min-w-0 flex-col gap-4">
            {selected ? <CandleChart sectorId={selected} /> : <EmptyMarket />}
            <AgentList />
          </div>
          <div className="min-w-0 lg:col-span-2 xl:col-span-1">
            <Discussions />
          </div>
        </main>
      ) : (
        <p className="text-soft p-12 text-center">Opening the market…</p>
      )}
    </div>
  )
}

function Status() {
  const link = useMarket((state) => state.link)
  const seq = useMarket((state) => state.seq)
  const heardAt = useMarket((state) => state.heardAt)
  return <ConnectionStatus link={link} seq={seq || null} heardAt={heardAt} />
}

function EmptyMarket() {
  return (
    <div className="border-line rounded-2xl border border-dashed p-8 text-center">
      <h2 className="text-xl font-semibold">There are no sectors yet</h2>
      <p className="text-soft mt-2">Create the first one with a program; it appears here by itself.</p>
      <pre className="text-soft mt-4 overflow-x-auto text-left text-xs" tabIndex={0} aria-label="Example">
        {`curl -X POST ${location.origin}/api/sectors \\\n  -H 'Content-Type: application/json' \\\n  -d '{"id":"tech-001","name":"Tech","value":1250.5}'`}
      </pre>
    </div>
  )
}
