import type { Candle, FullCandle } from '@tablecast/contracts'

/** A bar of the chart. `time` is its start, in seconds since 1970. */
export type Bar = { time: number; open: number; high: number; low: number; close: number }

export const barOf = ({ timestamp, open, high, low, close }: FullCandle): Bar => ({
  time: Date.parse(timestamp) / 1_000,
  open,
  high,
  low,
  close,
})

/**
 * The bar of the live candle's interval, with the candle in it. `last` is the newest bar of the chart. Null for a candle that belongs to
 * an older bar.
 */
export function barAfter(last: Bar | undefined, candle: Candle, intervalMs: number): Bar | null {
  const seconds = intervalMs / 1_000
  const time = Math.floor(Date.parse(candle.timestamp) / intervalMs) * seconds
  const { value } = candle
  const [open, close] = [candle.open ?? value, candle.close ?? value]
  const [high, low] = [candle.high ?? Math.max(open, close), candle.low ?? Math.min(open, close)]
  if (!last || time > last.time) return { time, open, high, low, close }
  if (time < last.time) return null
  return { ...last, high: Math.max(last.high, high), low: Math.min(last.low, low), close }
}
