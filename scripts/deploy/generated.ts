// `.env.example` and the tables in docs/operations.md, made from the configuration and the metrics, so that they can't fall
// behind.
import type { Options } from '@tablecast/config'
import type { Metric } from './metrics.ts'

/** Variables of docker-compose.yml alone. */
const composeVariables: readonly { name: string; fallback: string; does: string }[] = [
  { name: 'WEB_ADDRESS', fallback: '0.0.0.0', does: 'Where the pages are offered: 127.0.0.1 for this machine alone' },
  { name: 'WEB_PORT', fallback: '8000', does: 'The port of the first node' },
  { name: 'BALANCER_PORT', fallback: '8080', does: 'The port of the balancer, in the profile cluster' },
  {
    name: 'POSTGRES_PASSWORD',
    fallback: 'tablecast',
    does: 'Letters and digits; used when the database is created. Its port is open to this machine alone',
  },
]

export function envExample(options: Options): string {
  const lineOf = (name: string, { fallback, does }: { fallback: string; does: string }) =>
    `# ${does}\n# ${name}=${fallback}\n`
  return [
    '# Made by "pnpm generate" from the configuration. Copy it to .env, and remove the # before each line that you need.',
    '# Docker Compose and systemd read .env; from the sources: node_modules/.bin/node --env-file=.env apps/server/dist/start.js',
    '',
    '# Needed by Docker Compose, and with DATABASE_URL: 32 characters or more, as of "openssl rand -base64 32".',
    'SESSION_SECRET=',
    '',
    ...Object.entries(options)
      .filter(([name]) => name !== 'SESSION_SECRET')
      .map(([name, option]) => lineOf(name, option)),
    '# For Docker Compose alone. It sets HOST, PORT, DATA_DIR, METRICS_PORT, DATABASE_URL, NATS_URL and REDIS_URL itself.',
    '',
    ...composeVariables.map(({ name, ...rest }) => lineOf(name, rest)),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
}

/** The guide with fresh tables. Throws when the place for one is missing. */
export function withTables(guide: string, options: Options, metrics: readonly Metric[]): string {
  const variables = Object.entries(options).map(([name, { fallback, does }]) => [
    code(name),
    fallback === '' ? '' : code(fallback),
    does,
  ])
  // Those of Node itself are prom-client's to explain.
  const ours = metrics.filter(({ name }) => name.startsWith('tablecast_'))
  const byName = ours.toSorted((one, other) => one.name.localeCompare(other.name))
  const told = byName.map(({ name, type, labels, help }) => [code(name), type, labels.map(code).join(', '), help])
  return placed(
    placed(guide, 'variables', table(['variable', 'default', 'what it does'], variables)),
    'metrics',
    table(['metric', 'kind', 'labels', 'what it tells'], told),
  )
}

/** Puts the content between the marks of its name. Throws when the document has none. */
export function placed(text: string, name: string, content: string): string {
  const place = new RegExp(`(<!-- ${name} -->\\n).*?(<!-- /${name} -->)`, 's')
  if (!place.test(text)) throw new Error(`the document has no place for the table of ${name}`)
  return text.replace(place, (_all, begin: string, end: string) => `${begin}${content}\n${end}`)
}

const code = (text: string) => `\`${text}\``

export const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`.replaceAll(/ {2,}(?=\|)/g, ' '))
    .join('\n')
