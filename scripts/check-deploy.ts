// The files that Tablecast is deployed with: each by its form, and that they know of each other. Part of `pnpm check`.
import { readFileSync } from 'node:fs'
import { options } from '@tablecast/server/config'
import { parse } from 'yaml'
import { composeProblems } from './deploy/compose.ts'
import { dockerfileProblems } from './deploy/dockerfile.ts'
import { envExample, withTables } from './deploy/generated.ts'
import { grafanaProblems } from './deploy/grafana.ts'
import { metrics } from './deploy/metrics.ts'
import { prometheusProblems } from './deploy/prometheus.ts'

const text = (path: string) => readFileSync(path, 'utf8')
const yaml = (path: string): unknown => parse(text(path), { merge: true })
const json = (path: string): unknown => JSON.parse(text(path))

const guide = text('docs/operations.md')
const { devDependencies } = json('package.json') as { devDependencies: { node: string } }
const problems = [
  ...dockerfileProblems({ text: text('Dockerfile'), nodeVersion: devDependencies.node }),
  ...composeProblems({
    compose: yaml('docker-compose.yml'),
    schema: json('scripts/schemas/compose-spec.json') as object,
    variables: new Set([...text('.env.example').matchAll(/^(?:# )?([A-Z_0-9]+)=/gm)].map(([, name = '']) => name)),
    text: text('docker-compose.yml'),
  }).map((problem) => `docker-compose.yml: ${problem}`),
  ...prometheusProblems({
    config: yaml('deploy/prometheus/prometheus.yml'),
    rules: yaml('deploy/prometheus/alerts.yml'),
    guide,
    metrics,
  }),
  ...grafanaProblems({
    dashboard: json('deploy/grafana/dashboards/tablecast.json'),
    sources: yaml('deploy/grafana/provisioning/datasources/prometheus.yml'),
    metrics,
  }),
  ...(text('.env.example') === envExample(options) ? [] : ['.env.example is stale: run "pnpm generate"']),
  ...(guide === withTables(guide, options, metrics)
    ? []
    : ['docs/operations.md: a table is stale: run "pnpm generate"']),
]
process.stdout.write(problems.map((problem) => `${problem}\n`).join(''))
process.exitCode = problems.length > 0 ? 1 : 0
