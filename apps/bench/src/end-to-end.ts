// Measures the time from the DM's message to the players' sockets, on both databases: sign-in, rules, commit, fan-out and network.
import { globSync } from 'node:fs'
import { startPostgres } from '@tablecast/testing'
import { CLIENT_CORE, keepToCore } from './cores.ts'
import { Players } from './product/players-process.ts'
import { Product } from './product/product.ts'
import type { Section } from './section.ts'
import { quantile, table } from './statistics.ts'

const MESSAGE_INTERVAL_MS = 50
const TIMES = 200
const WARM_UP = 40
const TABLES = [6, 1_000]

type Row = { database: string; players: number; p50: number; p99: number; missed: number }

export async function endToEnd(): Promise<Section> {
  using _pinned = keepToCore(CLIENT_CORE)
  const rows = await measure('SQLite', {})
  const hasPostgres = globSync('/usr/lib/postgresql/*/bin').length > 0
  if (hasPostgres) {
    await using postgres = await startPostgres({ isDurable: true })
    const DATABASE_URL = await postgres.createDatabase()
    rows.push(
      ...(await measure('PostgreSQL', { DATABASE_URL, SESSION_SECRET: 'a secret for a benchmark on loopback' })),
    )
  } else process.stderr.write('POSTGRESQL IS NOT INSTALLED HERE: it is left out\n')
  const cells = rows.map(({ database, players, p50, p99, missed }) => [
    database,
    players.toLocaleString('en'),
    p50.toFixed(1),
    p99.toFixed(1),
    String(missed),
  ])
  const absent = hasPostgres ? [] : [['PostgreSQL', '**not installed here**', '', '', '']]
  return {
    title: 'From the DM to the players',
    text: `The whole server; the DM speaks ${1_000 / MESSAGE_INTERVAL_MS} times a second over HTTP, ${TIMES} times, and each word is timed from when it was due until it is read from each player's socket, tRPC over WebSocket. Each is committed to disk first.\n\n${table(
      [['database', 'players', 'p50, ms', 'p99, ms', 'never heard'], ...cells, ...absent],
    )}`,
    targets: [],
  }
}

async function measure(database: string, environment: Record<string, string>): Promise<Row[]> {
  await using product = await Product.start(environment)
  await using players = new Players()
  const { port } = product
  const [token, tokens] = [await product.join('DM', 'owner'), await product.players(Math.max(...TABLES))]
  const rows: Row[] = []
  for (const count of TABLES) {
    const order = {
      port,
      transport: 'trpc',
      each: 1,
      cursor: null,
      liveWith: '"campaign_active"',
      atOnce: 100,
    } as const
    const { failed } = await players.come({ ...order, tokens: tokens.slice(0, count) })
    if (failed > 0) throw new Error(`${failed} of ${count} players did not come in`)
    await players.speak({ port, token, everyMs: MESSAGE_INTERVAL_MS, times: WARM_UP })
    const { heardMs, missed } = await players.speak({ port, token, everyMs: MESSAGE_INTERVAL_MS, times: TIMES })
    rows.push({ database, players: count, p50: quantile(heardMs, 0.5), p99: quantile(heardMs, 0.99), missed })
    await players.leave()
  }
  return rows
}
