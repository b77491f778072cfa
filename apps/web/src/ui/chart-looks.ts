// How charts look here: the theme's own colours, and times as this person writes them. For pages that load charts anyway.
import { ColorType, TickMarkType, type Time, type UTCTimestamp } from 'lightweight-charts'

/** A colour of the theme, by the name that `styles.css` gives it. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()

/** `timeOf`: a moment in words, from seconds since 1970. */
export const chartLooks = (timeOf: (seconds: number) => string) => ({
  layout: {
    background: { type: ColorType.Solid, color: colour('card') },
    textColor: colour('soft'),
    fontFamily: "'Inter Variable', system-ui, sans-serif",
    // Named below the chart, where it can be read.
    attributionLogo: false,
  },
  grid: { vertLines: { color: colour('raised') }, horzLines: { color: colour('raised') } },
  crosshair: {
    vertLine: { labelBackgroundColor: colour('line') },
    horzLine: { labelBackgroundColor: colour('line') },
  },
  rightPriceScale: { borderColor: colour('line') },
  timeScale: {
    borderColor: colour('line'),
    timeVisible: true,
    secondsVisible: false,
    tickMarkFormatter: (time: Time, type: TickMarkType) => (isTime(time) ? tickOf(time, type) : null),
  },
  localization: { timeFormatter: (time: Time) => (isTime(time) ? timeOf(time) : '') },
})

/** Calls back when another theme was chosen. Returns what ends that. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}

/** Where the makers of the charts ask to be named. */
export const CHARTS_BY = { href: 'https://www.tradingview.com/', text: 'Lightweight Charts™ © 2025 TradingView, Inc.' }

const isTime = (time: Time): time is UTCTimestamp => typeof time === 'number'

/** Days where days begin, else the time of the day; a chart by itself would show UTC. */
const tickOf = (seconds: number, type: TickMarkType): string =>
  new Date(seconds * 1_000).toLocaleString(
    [],
    type < TickMarkType.Time ? { month: 'short', day: 'numeric' } : { hour: '2-digit', minute: '2-digit' },
  )
