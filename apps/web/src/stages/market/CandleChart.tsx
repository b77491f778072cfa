import { type CandleInterval, candleIntervals } from '@tablecast/contracts'
import { useQuery } from '@tanstack/react-query'
import { CandlestickSeries, createChart, type ISeriesApi, type UTCTimestamp } from 'lightweight-charts'
import { useEffect, useRef, useState } from 'react'
import { messageOf } from '../../api.ts'
import { queries } from '../../queries.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { CHARTS_BY, chartLooks, colour, watchTheme } from '../../ui/chart-looks.ts'
import { Problem } from '../../ui/field.tsx'
import { type Bar, barAfter, barOf } from './candle-bars.ts'
import { useMarket } from './market-connection.ts'
import { money } from './numbers.ts'
import { Change } from './SectorList.tsx'
import { changeOf } from './market-state.ts'

const intervals = Object.keys(candleIntervals) as CandleInterval[]
const names: Record<CandleInterval, string> = { '1m': '1 minute', '5m': '5 minutes', '1h': '1 hour', '1d': '1 day' }

/** A sector's candles at a chosen interval. The newest one moves live. */
export function CandleChart({ sectorId }: { sectorId: string }) {
  const [interval, setInterval] = useState<CandleInterval>('1m')
  const sector = useMarket((state) => state.market.sectors.get(sectorId))
  const snapshots = useMarket((state) => state.market.snapshots)
  const { data, error, isPending, refetch } = useQuery({
    ...queries.market.candles.queryOptions({ sectorId, interval }),
    refetchOnWindowFocus: false,
  })
  // Candles that were missed during a break are in the database.
  useEffect(() => {
    if (snapshots > 1) void refetch()
  }, [snapshots, refetch])
  const bars = data?.candles.map(barOf) ?? null
  return (
    <section aria-label={`Chart of ${sector?.name ?? sectorId}`} className="panel min-w-0">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div className="min-w-0">
          <h2 className="truncate text-xl font-semibold">{sector?.name ?? sectorId}</h2>
          <p className="flex items-baseline gap-3 tabular-nums">
            <span className="text-2xl font-semibold" data-testid="chosen-value">
              {sector ? money(sector.value) : '–'}
            </span>
            {sector && <Change part={changeOf(sector)} />}
          </p>
        </div>
        <div role="group" aria-label="Interval" className="flex gap-1">
          {intervals.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === interval}
              onClick={() => setInterval(one)}
              className={buttonClass(one === interval ? 'primary' : 'quiet', '!min-h-9 !px-3 text-sm')}
            >
              <span aria-hidden="true">{one}</span>
              <span className="sr-only">{names[one]}</span>
            </button>
          ))}
        </div>
      </div>
      <Problem text={error ? messageOf(error) : null} />
      {bars && bars.length > 0 ? (
        <Candles key={`${sectorId} ${interval}`} sectorId={sectorId} interval={interval} bars={bars} />
      ) : (
        <p className="text-soft flex h-72 items-center justify-center text-center sm:h-96">
          {isPending ? 'Reading the candles…' : 'No candles yet. They appear here by themselves.'}
        </p>
      )}
    </section>
  )
}

type CandlesProps = { sectorId: string; interval: CandleInterval; bars: readonly Bar[] }

function Candles({ sectorId, interval, bars }: CandlesProps) {
  const place = useRef<HTMLDivElement>(null)
  const series = useRef<ISeriesApi<'Candlestick'> | null>(null)
  const newest = useRef<Bar | undefined>(undefined)
  const [moving, setMoving] = useState<Bar | null>(null)
  const [pointed, setPointed] = useState<Bar | null>(null)
  const live = useMarket((state) => state.market.candles.get(sectorId))

  useEffect(() => {
    if (!place.current) return
    const chart = createChart(place.current, { autoSize: true, ...looks() })
    const candles = chart.addSeries(CandlestickSeries, candleLooks())
    series.current = candles
    chart.subscribeCrosshairMove(({ time, seriesData }) => {
      const bar = seriesData.get(candles)
      setPointed(bar && 'open' in bar && typeof time === 'number' ? { ...bar, time } : null)
    })
    const unwatch = watchTheme(() => {
      chart.applyOptions(looks())
      candles.applyOptions(candleLooks())
    })
    return () => {
      unwatch()
      series.current = null
      chart.remove()
    }
  }, [])

  useEffect(() => {
    newest.current = bars.at(-1)
    series.current?.setData(bars.map(drawn))
  }, [bars])

  useEffect(() => {
    const bar = live && barAfter(newest.current, live, candleIntervals[interval])
    if (!bar) return
    newest.current = bar
    setMoving(bar)
    series.current?.update(drawn(bar))
  }, [live, interval])

  const shown = pointed ?? moving ?? bars.at(-1)
  return (
    <figure className="mt-3">
      <p data-testid="candle" className="text-soft flex min-h-5 flex-wrap gap-x-4 text-xs tabular-nums">
        {shown && (
          <>
            <span>{timeOf(shown.time)}</span>
            {(['open', 'high', 'low', 'close'] as const).map((part) => (
              <span key={part}>
                {part} <span className="text-ink">{money(shown[part])}</span>
              </span>
            ))}
          </>
        )}
      </p>
      <div ref={place} aria-hidden="true" data-testid="chart" className="mt-1 h-72 sm:h-96" />
      <figcaption className="text-soft mt-2 flex flex-wrap justify-between gap-2 text-xs">
        <details>
          <summary className="cursor-pointer py-1">The newest candles as a table</summary>
          <CandleTable bars={bars.slice(-12).toReversed()} />
        </details>
        <a className="py-1 underline" href={CHARTS_BY.href} target="_blank" rel="noreferrer">
          {CHARTS_BY.text}
        </a>
      </figcaption>
    </figure>
  )
}

function CandleTable({ bars }: { bars: readonly Bar[] }) {
  return (
    <table className="mt-2 text-right tabular-nums">
      <thead>
        <tr>
          {['Time', 'Open', 'High', 'Low', 'Close'].map((name) => (
            <th key={name} scope="col" className="px-2 py-1 font-normal first:text-left">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="text-ink">
        {bars.map(({ time, open, high, low, close }) => (
          <tr key={time} className="border-line border-t">
            <th scope="row" className="px-2 py-1 text-left font-normal">
              {timeOf(time)}
            </th>
            {[open, high, low, close].map((value, column) => (
              <td key={column} className="px-2 py-1">
                {money(value)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const drawn = ({ time, ...bar }: Bar) => ({ time: time as UTCTimestamp, ...bar })

/** In this person's time zone: the chart by itself shows UTC. */
const timeOf = (seconds: number): string =>
  new Date(seconds * 1_000).toLocaleString([], { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' })

const looks = () => chartLooks(timeOf)

const candleLooks = () => ({
  upColor: colour('good'),
  wickUpColor: colour('good'),
  borderUpColor: colour('good'),
  downColor: colour('bad'),
  wickDownColor: colour('bad'),
  borderDownColor: colour('bad'),
})
