// The configuration of Prometheus and its alerts: their form is valid, expressions ask for metrics that exist, and the guide
// explains each alert.
import { z } from 'zod'
import type { Metric } from './metrics.ts'
import { promqlProblems } from './promql.ts'

const Duration = z.string().regex(/^(\d+(ms|[smhdwy]))+$/, 'must be a duration, as 5m')

const Rules = z.strictObject({
  groups: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        interval: Duration.optional(),
        rules: z.array(
          z.strictObject({
            alert: z.string().regex(/^[A-Z][A-Za-z]+$/),
            expr: z.string(),
            for: Duration.optional(),
            labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
            annotations: z.strictObject({ summary: z.string(), description: z.string(), runbook: z.string() }),
          }),
        ),
      }),
    )
    .min(1),
})

const Target = z.string().regex(/^[a-z0-9.-]+:\d+$/, 'must be host:port')

const Prometheus = z.strictObject({
  global: z.strictObject({ scrape_interval: Duration, evaluation_interval: Duration }),
  rule_files: z.array(z.string()),
  scrape_configs: z.array(
    z.strictObject({
      job_name: z.string(),
      static_configs: z.array(z.strictObject({ targets: z.array(Target).min(1) })),
    }),
  ),
})

export type PrometheusFiles = {
  config: unknown
  rules: unknown
  /** The operations guide, that every alert links to. */
  guide: string
  metrics: readonly Metric[]
}

export function prometheusProblems({ config, rules, guide, metrics }: PrometheusFiles): string[] {
  const problems: string[] = []
  const read = Prometheus.safeParse(config)
  if (!read.success) problems.push(`prometheus.yml: ${z.prettifyError(read.error)}`)
  else if (read.data.rule_files.join() !== 'alerts.yml') problems.push('prometheus.yml: does not read alerts.yml')
  const parsed = Rules.safeParse(rules)
  if (!parsed.success) return [...problems, `alerts.yml: ${z.prettifyError(parsed.error)}`]
  const anchors = new Set([...guide.matchAll(/^#{2,4} (.+)$/gm)].map(([, title = '']) => anchorOf(title)))
  const alerts = parsed.data.groups.flatMap((group) => group.rules)
  const repeated = alerts.map(({ alert }) => alert).filter((name, index, all) => all.indexOf(name) !== index)
  problems.push(...repeated.map((name) => `alerts.yml: there are two alerts ${name}`))
  for (const { alert, expr, annotations } of alerts) {
    problems.push(...promqlProblems(expr, metrics).map((problem) => `alerts.yml: ${alert} ${problem}`))
    if (annotations.runbook !== `docs/operations.md#${alert.toLowerCase()}`)
      problems.push(`alerts.yml: ${alert} must link to docs/operations.md#${alert.toLowerCase()}`)
    if (!anchors.has(alert.toLowerCase())) problems.push(`docs/operations.md: says nothing of the alert ${alert}`)
  }
  return problems
}

const anchorOf = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')
