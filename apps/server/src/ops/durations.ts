import { durationBounds, type Durations, quantileOf } from '@tablecast/contracts'
import type { Histogram } from 'prom-client'

/** A function that observes milliseconds in the series with these labels. */
export function observing(histogram: Histogram, labels: Record<string, string>): (ms: number) => void {
  const child = histogram.labels(labels)
  return (ms) => child.observe(ms / 1_000)
}

/** Reads a histogram once. The returned function gives the durations for one value of the label. */
export async function durationsOf(histogram: Histogram, label: string): Promise<(value: string) => Durations> {
  const { values } = await histogram.get()
  const found = Map.groupBy(values, ({ labels }) => String(labels[label]))
  return (value) => {
    const all = found.get(value) ?? []
    const cumulative = all.filter(({ labels }) => labels.le !== undefined).map((bucket) => bucket.value)
    const buckets = cumulative.length
      ? cumulative.map((count, index) => count - (cumulative[index - 1] ?? 0))
      : [...durationBounds, null].map(() => 0)
    return {
      count: all.find(({ metricName }) => metricName?.endsWith('_count'))?.value ?? 0,
      sumSeconds: all.find(({ metricName }) => metricName?.endsWith('_sum'))?.value ?? 0,
      buckets,
      p50: quantileOf(buckets, 0.5),
      p99: quantileOf(buckets, 0.99),
    }
  }
}
