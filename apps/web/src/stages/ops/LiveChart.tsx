import {
  createChart,
  CrosshairMode,
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  LineStyle,
  type UTCTimestamp,
} from 'lightweight-charts'
import { useEffect, useRef } from 'react'
import { chartLooks, colour, watchTheme } from '../../ui/chart-looks.ts'
import { MAX_FRAMES, type Moment } from './measures.ts'

type Tone = 'accent' | 'good' | 'warn' | 'bad'
/** A line of a chart. Its dashes tell it apart as well as its colour. */
export type Line = { name: string; of: (moment: Moment) => number | null }

const looksOfLine = [
  { tone: 'accent', style: LineStyle.Solid, dashes: undefined },
  { tone: 'good', style: LineStyle.Dashed, dashes: '6 4' },
  { tone: 'bad', style: LineStyle.Dotted, dashes: '1.5 3' },
  { tone: 'warn', style: LineStyle.LargeDashed, dashes: '10 5' },
] as const satisfies readonly { tone: Tone; style: LineStyle; dashes: string | undefined }[]

type Props = {
  title: string
  lines: readonly Line[]
  moments: readonly Moment[]
  format: (value: number) => string
}

/** Up to four values over the last five minutes, with the newest ones in words. */
export function LiveChart({ title, lines, moments, format }: Props) {
  const newest = moments.at(-1)
  const told = (value: number | null | undefined) => (value == null ? '–' : format(value))
  return (
    <figure aria-label={title} className="panel min-w-0 !p-3" data-testid="ops-chart">
      <figcaption>
        <h3 className="text-base font-semibold">{title}</h3>
        <dl className="mt-1 flex min-h-11 flex-wrap gap-x-4 gap-y-0.5 text-sm">
          {lines.map(({ name, of }, place) => (
            <div key={name} className="flex items-center gap-1.5">
              <Swatch place={place} />
              <dt className="text-soft">{name}</dt>
              <dd className="font-semibold tabular-nums">{told(newest && of(newest))}</dd>
            </div>
          ))}
        </dl>
      </figcaption>
      <Drawing lines={lines} moments={moments} format={format} />
      <details className="text-soft mt-1 text-xs">
        <summary className="w-fit cursor-pointer py-1">As a table</summary>
        <table className="mt-1 w-full text-right tabular-nums">
          <thead>
            <tr>
              {['Time', ...lines.map(({ name }) => name)].map((name) => (
                <th key={name} scope="col" className="py-1 pl-2 font-normal first:pl-0 first:text-left">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="text-ink">
            {moments
              .slice(-8)
              .toReversed()
              .map((moment) => (
                <tr key={moment.at} className="border-line border-t">
                  <th scope="row" className="py-1 text-left font-normal">
                    {timeOf(moment.at)}
                  </th>
                  {lines.map(({ name, of }) => (
                    <td key={name} className="py-1 pl-2">
                      {told(of(moment))}
                    </td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}

const strokes: Record<Tone, string> = {
  accent: 'text-accent',
  good: 'text-good',
  warn: 'text-warn',
  bad: 'text-bad',
}

function Swatch({ place }: { place: number }) {
  const looks = looksOfLine[place] ?? looksOfLine[0]
  return (
    <svg viewBox="0 0 22 4" aria-hidden="true" className={`h-1 w-5 shrink-0 ${strokes[looks.tone]}`}>
      <line x1="0" y1="2" x2="22" y2="2" stroke="currentColor" strokeWidth="2.5" strokeDasharray={looks.dashes} />
    </svg>
  )
}

function Drawing({ lines, moments, format }: Omit<Props, 'title'>) {
  const place = useRef<HTMLDivElement>(null)
  const drawn = useRef<{ chart: IChartApi; series: ISeriesApi<'Line'>[] } | null>(null)
  // The chart is made once. Each frame sets its data.
  const first = useRef({ lines, format })

  useEffect(() => {
    if (!place.current) return
    const chart = createChart(place.current, { autoSize: true, handleScroll: false, handleScale: false, ...looks() })
    const series = first.current.lines.map((_line, number) =>
      chart.addSeries(LineSeries, {
        ...lineLooks(number),
        lineWidth: 2,
        lastValueVisible: false,
        priceLineVisible: false,
        priceFormat: { type: 'custom', formatter: first.current.format, minMove: 0.000_001 },
        // The scale starts at zero, also when every value is zero.
        autoscaleInfoProvider: (
          original: () => { priceRange: { minValue: number; maxValue: number } | null } | null,
        ) => ({
          priceRange: { minValue: 0, maxValue: original()?.priceRange?.maxValue || 1 },
        }),
      }),
    )
    drawn.current = { chart, series }
    const unwatch = watchTheme(() => {
      chart.applyOptions(looks())
      for (const [number, one] of series.entries()) one.applyOptions(lineLooks(number))
    })
    return () => {
      unwatch()
      drawn.current = null
      chart.remove()
    }
  }, [])

  useEffect(() => {
    const { chart, series } = drawn.current ?? {}
    for (const [number, { of }] of lines.entries())
      series?.[number]?.setData(
        moments.map((moment) => {
          const value = of(moment)
          const time = moment.at as UTCTimestamp
          return value === null ? { time } : { time, value }
        }),
      )
    // The newest value is at the right from the first minute on.
    chart?.timeScale().setVisibleLogicalRange({ from: moments.length - MAX_FRAMES, to: moments.length })
  }, [lines, moments])

  const isEmpty = moments.every((moment) => lines.every(({ of }) => of(moment) === null))
  return (
    <div className="relative">
      <div ref={place} aria-hidden="true" className="h-36" />
      {isEmpty && (
        <p className="text-soft absolute inset-0 flex items-center justify-center text-sm">Nothing was measured yet.</p>
      )}
    </div>
  )
}

const timeOf = (seconds: number): string => new Date(seconds * 1_000).toLocaleTimeString()

const looks = () => {
  const all = chartLooks(timeOf)
  return {
    ...all,
    crosshair: { mode: CrosshairMode.Hidden },
    rightPriceScale: {
      ...all.rightPriceScale,
      borderVisible: false,
      minimumWidth: 64,
      scaleMargins: { top: 0.1, bottom: 0.1 },
    },
    timeScale: { ...all.timeScale, borderVisible: false, fixRightEdge: true },
  }
}

function lineLooks(number: number) {
  const { tone, style } = looksOfLine[number] ?? looksOfLine[0]
  return { color: colour(tone), lineStyle: style }
}
