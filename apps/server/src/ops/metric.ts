// Metrics as data: a part gives the name of a metric and a function that reads it. Sampled at scrape time.
import { Counter, Gauge, type Registry } from 'prom-client'

/** The longest that a metric is waited for. A scrape is given up after ten seconds, and `database_up` takes one to see that nothing answers. */
const WAIT_MS = 2_000

export type Value = [labels: Record<string, string>, value: number]

/** `name`: without `tablecast_` before it, and without the `_total` of a counter. */
export type Metric = {
  kind: 'counter' | 'gauge'
  name: string
  help: string
  labelNames: readonly string[]
  read(): Iterable<Value> | Promise<Iterable<Value>>
}

export const counter = (name: string, help: string, labelNames: readonly string[], read: Metric['read']): Metric => ({
  kind: 'counter',
  name,
  help,
  labelNames,
  read,
})

export const gauge = (name: string, help: string, labelNames: readonly string[], read: Metric['read']): Metric => ({
  kind: 'gauge',
  name,
  help,
  labelNames,
  read,
})

/** A counter of words, such as error codes. Each word is a value of the label. */
export const wordCounter = (
  name: string,
  help: string,
  label: string,
  words: () => ReadonlyMap<string, number>,
): Metric =>
  counter(name, help, [label], () => [...words().entries()].map(([word, value]): Value => [{ [label]: word }, value]))

/** Nothing where the metric cannot be read, or not soon: a database that is down must not hide all the others. */
async function valuesOf(read: Metric['read']): Promise<Iterable<Value>> {
  const late = Promise.withResolvers<Iterable<Value>>()
  const timer = setTimeout(() => late.resolve([]), WAIT_MS)
  try {
    return await Promise.race([read(), late.promise])
  } catch {
    return []
  } finally {
    clearTimeout(timer)
  }
}

/** `reset` alone leaves a 0 in a metric without labels. */
function clear(metric: Counter | Gauge): void {
  metric.reset()
  metric.remove({})
}

export function register(registry: Registry, { kind, name, help, labelNames, read }: Metric): void {
  const options = { help, labelNames: [...labelNames], registers: [] }
  const metric =
    kind === 'counter'
      ? new Counter({
          ...options,
          name: `tablecast_${name}_total`,
          async collect() {
            const values = await valuesOf(read)
            clear(this)
            for (const [labels, value] of values) this.inc(labels, value)
          },
        })
      : new Gauge({
          ...options,
          name: `tablecast_${name}`,
          async collect() {
            const values = await valuesOf(read)
            clear(this)
            for (const [labels, value] of values) this.set(labels, value)
          },
        })
  registry.registerMetric(metric)
}
