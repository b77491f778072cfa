// Metrics as data: a part gives the name of a metric and a function that reads it. Sampled at scrape time.
import { Counter, Gauge, type Registry } from 'prom-client'

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

export function register(registry: Registry, { kind, name, help, labelNames, read }: Metric): void {
  const options = { help, labelNames: [...labelNames], registers: [] }
  const metric =
    kind === 'counter'
      ? new Counter({
          ...options,
          name: `tablecast_${name}_total`,
          async collect() {
            const values = await read()
            this.reset()
            for (const [labels, value] of values) this.inc(labels, value)
          },
        })
      : new Gauge({
          ...options,
          name: `tablecast_${name}`,
          async collect() {
            const values = await read()
            this.reset()
            for (const [labels, value] of values) this.set(labels, value)
          },
        })
  registry.registerMetric(metric)
}
