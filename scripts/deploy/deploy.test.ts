// The checks of the deployment's files find what is wrong. That the files themselves are right is what `pnpm check` asks.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { composeProblems } from './compose.ts'
import { dockerfileProblems } from './dockerfile.ts'
import { envExample, withTables } from './generated.ts'
import { grafanaProblems } from './grafana.ts'
import type { Metric } from './metrics.ts'
import { prometheusProblems } from './prometheus.ts'
import { promqlProblems } from './promql.ts'

const metrics: Metric[] = [
  { name: 'tablecast_ready', type: 'gauge', labels: [], help: 'Ready' },
  { name: 'tablecast_delivery_seconds', type: 'histogram', labels: ['stage'], help: 'Delivery' },
]

describe('an expression', () => {
  it.each([
    'tablecast_ready == 0',
    'sum by (stage) (rate(tablecast_delivery_seconds_count{instance=~"$node"}[$__rate_interval]))',
    'histogram_quantile(0.99, sum by (le) (rate(tablecast_delivery_seconds_bucket{stage="arena"}[5m])))',
    'up{job="tablecast"} == 0',
  ])('is right: %s', (expression) => expect(promqlProblems(expression, metrics)).toEqual([]))

  it.each([
    ['tablecast_gone', 'tablecast_gone, which no node tells'],
    ['tablecast_delivery_seconds', 'tablecast_delivery_seconds, which no node tells'],
    ['tablecast_ready{stage="arena"}', 'the label stage'],
    ['sum(tablecast_ready', 'no PromQL'],
    ['rate(tablecast_ready[5m)', 'no PromQL'],
  ])('is wrong: %s', (expression, problem) => expect(promqlProblems(expression, metrics).join()).toContain(problem))
})

describe('the Dockerfile', () => {
  const right = [
    'FROM node:24.1.0-slim AS built',
    'FROM node:24.1.0-slim',
    'COPY --from=built /app ./',
    'USER node',
    'VOLUME /data',
    'HEALTHCHECK CMD ["node", "--eval", "fetch(\'http://127.0.0.1:8000/health/ready\')"]',
    'CMD ["node", "main.ts"]',
  ]
  const problemsOf = (lines: string[]) => dockerfileProblems({ text: lines.join('\n'), nodeVersion: '24.1.0' })

  it('is right as it is here', () => expect(problemsOf(right)).toEqual([]))

  it.each([
    ['USER node', 'USER root', 'runs as root'],
    ['USER node', 'LABEL a=b', 'runs as root'],
    ['COPY --from=built /app ./', 'COPY --from=other /app ./', 'copies from other'],
    ['FROM node:24.1.0-slim', 'FROM node:22-slim', 'package.json names node 24.1.0'],
    ['CMD ["node", "main.ts"]', 'CMD pnpm start', 'CMD must start node itself'],
    ['VOLUME /data', 'VOLUME', 'line 5'],
    ['USER node', 'USR node', 'line 4'],
  ])('%s → %s is found', (line, instead, problem) =>
    expect(problemsOf(right.map((one) => (one === line ? instead : one))).join('\n')).toContain(problem),
  )

  it('without a HEALTHCHECK is found', () =>
    expect(problemsOf(right.filter((line) => !line.startsWith('HEALTHCHECK')))).toEqual([
      'Dockerfile: no HEALTHCHECK asks for /health/ready',
    ]))
})

describe('the compose file', () => {
  const schema = z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(readFileSync('scripts/schemas/compose-spec.json', 'utf8')))
  const right = `
services:
  database:
    image: postgres:17-alpine
    restart: unless-stopped
    logging: { driver: json-file }
    healthcheck: { test: [CMD, pg_isready] }
    ports: ['127.0.0.1:5432:5432']
    volumes: ['kept:/data']
    environment: { POSTGRES_PASSWORD: '\${POSTGRES_PASSWORD:-x}' }
  watcher:
    image: prom/prometheus:v3.7.3
    profiles: [cluster]
    restart: unless-stopped
    logging: { driver: json-file }
    healthcheck: { test: [CMD, 'true'] }
    depends_on: { database: { condition: service_healthy } }
volumes: { kept: {} }
`
  const problemsOf = (text: string) =>
    composeProblems({ compose: parse(text), schema, variables: new Set(['POSTGRES_PASSWORD']), text }).join('\n')

  it('is right as it is here', () => expect(problemsOf(right)).toBe(''))

  it.each([
    ['restart: unless-stopped', 'restart: [often]', '/services/database/restart must be string'],
    ['image: postgres:17-alpine', 'imagine: postgres', 'must NOT have additional properties'],
    ['image: postgres:17-alpine', 'image: postgres:latest', 'names no version'],
    ['restart: unless-stopped\n', '\n', 'has no restart'],
    ["'127.0.0.1:5432:5432'", "'5432:5432'", 'opens 5432:5432 to the network'],
    ["'kept:/data'", "'lost:/data'", 'uses the volume lost'],
    ['depends_on: { database:', 'depends_on: { databse:', 'needs databse'],
    ['healthcheck: { test: [CMD, pg_isready] }', 'mem_limit: 1g', 'which has no check'],
    [
      '    image: postgres:17-alpine',
      '    image: postgres:17-alpine\n    profiles: [other]',
      'its profiles do not start',
    ],
    ['POSTGRES_PASSWORD:-x', 'OTHER_PASSWORD:-x', 'OTHER_PASSWORD is not in .env.example'],
  ])('%s → %s is found', (line, instead, problem) =>
    expect(problemsOf(right.replace(line, instead))).toContain(problem),
  )
})

describe('the alerts', () => {
  const rule = {
    alert: 'NotReady',
    expr: 'tablecast_ready == 0',
    for: '2m',
    labels: { severity: 'page' },
    annotations: { summary: 's', description: 'd', runbook: 'docs/operations.md#notready' },
  }
  const config = {
    global: { scrape_interval: '5s', evaluation_interval: '15s' },
    rule_files: ['alerts.yml'],
    scrape_configs: [{ job_name: 'tablecast', static_configs: [{ targets: ['tablecast:9464'] }] }],
  }
  const problemsOf = (changed: object, guide = '### NotReady\n') =>
    prometheusProblems({
      config,
      rules: { groups: [{ name: 'tablecast', rules: [{ ...rule, ...changed }] }] },
      guide,
      metrics,
    }).join('\n')

  it('are right as they are here', () => expect(problemsOf({})).toBe(''))

  it.each([
    [{ expr: 'tablecast_gone == 0' }, 'which no node tells'],
    [{ for: 'a while' }, 'must be a duration'],
    [{ labels: { severity: 'loud' } }, 'severity'],
    [{ annotations: { ...rule.annotations, runbook: 'elsewhere' } }, 'must link to docs/operations.md#notready'],
  ])('%o is found', (changed, problem) => expect(problemsOf(changed)).toContain(problem))

  it('that the guide does not explain are found', () =>
    expect(problemsOf({}, '### Another\n')).toContain('says nothing of the alert NotReady'))

  it('that nobody reads are found', () =>
    expect(
      prometheusProblems({ config: { ...config, rule_files: [] }, rules: { groups: [] }, guide: '', metrics }).join(),
    ).toContain('does not read alerts.yml'))
})

describe('the dashboard', () => {
  const source = { type: 'prometheus', uid: 'here' }
  const sources = { datasources: [{ ...source, url: 'http://prometheus:9090' }] }
  const panelOf = (id: number, expr: string) => ({
    id,
    type: 'timeseries',
    title: `Chart ${id}`,
    gridPos: { x: 0, y: id * 8, w: 8, h: 8 },
    targets: [{ refId: 'A', datasource: source, expr }],
  })
  const panels = [panelOf(1, 'tablecast_ready'), panelOf(2, 'rate(tablecast_delivery_seconds_sum[5m])')]
  const problemsOf = (...changed: unknown[]) =>
    grafanaProblems({
      dashboard: {
        uid: 'u',
        title: 't',
        schemaVersion: 41,
        panels: changed,
        templating: {
          list: [{ name: 'node', datasource: source, definition: 'label_values(tablecast_ready, instance)' }],
        },
        annotations: { list: [] },
      },
      sources,
      metrics,
    }).join('\n')
  const [first, second] = panels

  it('is right as it is here', () => expect(problemsOf(first, second)).toBe(''))

  it.each([
    [panelOf(2, 'tablecast_gone'), 'Chart 2: asks for tablecast_gone'],
    [panelOf(2, 'tablecast_ready'), 'no chart shows tablecast_delivery_seconds'],
    [{ ...second, id: 1 }, 'the id 1 is not its own'],
    [{ ...second, gridPos: first?.gridPos }, 'stands over Chart 2'],
    [
      { ...second, targets: [{ refId: 'A', datasource: { ...source, uid: 'gone' }, expr: 'up' }] },
      'no data source gone',
    ],
    [{ ...second, targets: [] }, 'asks for nothing'],
    [{ ...second, title: 5 }, 'panels[1].title'],
  ])('%o is found', (changed, problem) => expect(problemsOf(first, changed)).toContain(problem))
})

describe('generated files and tables', () => {
  const options = { PORT: { schema: z.string().optional(), fallback: '8000', does: 'Where to listen' } }

  it('lists each option with its description and default, and sets none', () =>
    expect(envExample(options)).toContain('\n# Where to listen\n# PORT=8000\n'))

  it('fills the tables of the guide, and changes nothing else', () => {
    const guide = 'a\n<!-- variables -->\nold\n<!-- /variables -->\nb\n<!-- metrics -->\n<!-- /metrics -->\n'
    const made = withTables(guide, options, metrics)
    expect(made).toContain('| `PORT` | `8000` | Where to listen |')
    expect(made).toContain('| `tablecast_delivery_seconds` | histogram | `stage` | Delivery |')
    expect(made).not.toContain('old')
    expect(withTables(made, options, metrics)).toBe(made)
    expect(() => withTables('a', options, metrics)).toThrow('no place for the table of variables')
  })
})
