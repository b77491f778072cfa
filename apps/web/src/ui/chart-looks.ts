// The look of the charts: the theme's colours, and times in this person's format. Import it only where a chart is loaded anyway.
import { ColorType, TickMarkType, type Time, type UTCTimestamp } from 'lightweight-charts'

/** A colour of the theme, by the name that `theme.css` gives it. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()

/** `timeOf`: a moment in words, from seconds since 1970. */
export const chartLooks = (timeOf: (seconds: number) => string) => ({
  layout: {
    background: { type: ColorType.Solid, color: colour('card') },
    textColor: colour('soft'),
    fontFamily: "'Inter Variable', system-ui, sans-serif",
    // The chart's makers are named below it, where the text can be read.
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

/** Calls `changed` when another theme was chosen. Returns a function that stops it. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}

/** The licence of the charts asks that their makers are named. */
export const CHARTS_BY = { href: 'https://www.tradingview.com/', text: 'Lightweight Charts™ © 2025 TradingView, Inc.' }

const isTime = (time: Time): time is UTCTimestamp => typeof time === 'number'

/** The date where a day begins, else the time of day, in this person's time zone: a chart by itself shows UTC. */
const tickOf = (seconds: number, type: TickMarkType): string =>
  new Date(seconds * 1_000).toLocaleString(
    [],
    type < TickMarkType.Time ? { month: 'short', day: 'numeric' } : { hour: '2-digit', minute: '2-digit' },
  )
