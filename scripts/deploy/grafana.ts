// The dashboard: it would load, every chart asks for metrics that exist, and every metric has a chart.
import { z } from 'zod'
import type { Metric } from './metrics.ts'
import { promqlProblems } from './promql.ts'

const Source = z.object({ type: z.string(), uid: z.string() })
const Panel = z.object({
  id: z.int().positive(),
  type: z.string(),
  title: z.string().min(1),
  gridPos: z.object({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1), h: z.int().min(1) }),
  datasource: Source.optional(),
  targets: z.array(z.object({ refId: z.string(), datasource: Source, expr: z.string() })).optional(),
})
const Dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  schemaVersion: z.int(),
  panels: z.array(Panel).min(1),
  templating: z.object({ list: z.array(z.object({ name: z.string(), datasource: Source, definition: z.string() })) }),
  annotations: z.object({ list: z.array(z.object({ datasource: Source, expr: z.string() })) }),
})
const Sources = z.object({ datasources: z.array(z.object({ uid: z.string(), type: z.string(), url: z.string() })) })

type Place = z.infer<typeof Panel>['gridPos']

export type GrafanaFiles = { dashboard: unknown; sources: unknown; metrics: readonly Metric[] }

export function grafanaProblems({ dashboard, sources, metrics }: GrafanaFiles): string[] {
  const read = Dashboard.safeParse(dashboard)
  if (!read.success) return [`tablecast.json: ${z.prettifyError(read.error)}`]
  const provisioned = Sources.safeParse(sources)
  if (!provisioned.success) return [`datasources: ${z.prettifyError(provisioned.error)}`]
  const { panels, templating, annotations } = read.data
  const known = new Set(provisioned.data.datasources.map(({ uid, type }) => `${type} ${uid}`))
  const queries = [
    ...panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target }))),
    ...annotations.list.map((annotation) => ({ title: 'annotation', ...annotation })),
    ...templating.list.map(({ name, datasource, definition }) => ({
      title: `variable ${name}`,
      datasource,
      expr: /^label_values\((.+), \w+\)$/.exec(definition)?.[1] ?? definition,
    })),
  ]
  const problems = queries.flatMap(({ title, datasource, expr }) => [
    ...promqlProblems(expr, metrics).map((problem) => `${title}: ${problem}`),
    ...(known.has(`${datasource.type} ${datasource.uid}`)
      ? []
      : [`${title}: no data source ${datasource.uid} is provisioned`]),
  ])
  for (const { id, title, type, targets, gridPos } of panels) {
    if (panels.filter((panel) => panel.id === id).length > 1) problems.push(`${title}: the id ${id} is not its own`)
    if (type !== 'row' && !targets?.length) problems.push(`${title}: asks for nothing`)
    if (gridPos.x + gridPos.w > 24) problems.push(`${title}: stands beyond the edge`)
    const over = panels.find((panel) => panel.id > id && overlap(panel.gridPos, gridPos))
    if (over) problems.push(`${title}: stands over ${over.title}`)
  }
  const asked = queries.map(({ expr }) => expr).join('\n')
  const missing = metrics.filter(({ name }) => name.startsWith('tablecast_') && !asked.includes(name))
  problems.push(...missing.map(({ name }) => `no chart shows ${name}`))
  return problems.map((problem) => `tablecast.json: ${problem}`)
}

const overlap = (one: Place, other: Place): boolean =>
  one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h
