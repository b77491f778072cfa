// Reads expressions with Prometheus' own grammar.
import { parser } from '@prometheus-io/lezer-promql'
import type { Metric } from './metrics.ts'

/** Series and labels that Prometheus itself adds. */
const OWN = ['up', 'ALERTS']
const OWN_LABELS = ['instance', 'job', 'alertstate']

/** The problems of an expression: its grammar, a metric that does not exist, a label that the metric does not have. */
export function promqlProblems(expression: string, metrics: readonly Metric[]): string[] {
  const series = seriesOf(metrics)
  const problems: string[] = []
  // Grafana's own words stand for durations.
  const text = expression.replaceAll(/\$__(rate_interval|interval|range)/g, '5m')
  parser.parse(text).iterate({
    enter({ type, from, to, node }) {
      if (type.isError) problems.push(`is no PromQL at "${text.slice(from, from + 20)}"`)
      if (type.name !== 'VectorSelector') return
      const name = node.getChild('Identifier')
      const metric = name ? text.slice(name.from, name.to) : ''
      const labels = series.get(metric)
      if (!labels) return void problems.push(`asks for ${metric || text.slice(from, to)}, which no node tells`)
      for (const matcher of node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []) {
        const label = matcher.getChild('LabelName')
        const asked = label ? text.slice(label.from, label.to) : ''
        if (!labels.has(asked)) problems.push(`asks ${metric} for the label ${asked}, which it does not have`)
      }
    },
  })
  return problems
}

/** By the name of each series, the labels that it may have. */
function seriesOf(metrics: readonly Metric[]): Map<string, Set<string>> {
  const series = metrics.flatMap(({ name, type, labels }) =>
    type === 'histogram'
      ? [
          { name: `${name}_bucket`, labels: [...labels, 'le'] },
          { name: `${name}_sum`, labels },
          { name: `${name}_count`, labels },
        ]
      : [{ name, labels }],
  )
  return new Map(
    [...series, ...OWN.map((name) => ({ name, labels: [] }))].map(({ name, labels }) => [
      name,
      new Set([...OWN_LABELS, ...labels]),
    ]),
  )
}
