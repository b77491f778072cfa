// Real server processes on a real database and a real bus, behind one address; every connection goes through a proxy.
import { join } from 'node:path'
import {
  type ProxiedConnection,
  startNats,
  startRedis,
  type Tap,
  TcpProxy,
  temporaryFolder,
  type TestNats,
  type TestPostgres,
  type TestRedis,
} from '@tablecast/testing'
import { type LogReader, postgresReader, sqliteReader } from './log-reader.ts'
import { ServerNode } from './server-node.ts'
import type { Services } from './services.ts'

/** One node on SQLite; one on PostgreSQL and NATS; two on PostgreSQL and NATS. */
export const setups = ['sqlite', 'postgres', 'cluster'] as const
export type Setup = (typeof setups)[number]

export const setupNames: Record<Setup, string> = {
  sqlite: 'one node, SQLite',
  postgres: 'one node, PostgreSQL and NATS',
  cluster: 'two nodes, PostgreSQL and NATS',
}

/** The proxies of a node's connections; null where a node has no such service. */
export type Links = { database: TcpProxy | null; bus: TcpProxy | null; redis: CuttableLink | null }

/** Leads to a port, unless it is cut: then what there was breaks, and nothing new gets through. */
class CuttableLink implements AsyncDisposable {
  readonly proxy: TcpProxy
  readonly #gate: { isOpen: boolean }

  private constructor(proxy: TcpProxy, gate: { isOpen: boolean }) {
    this.proxy = proxy
    this.#gate = gate
  }

  static async to(port: number): Promise<CuttableLink> {
    const gate = { isOpen: true }
    return new CuttableLink(await TcpProxy.listen({ route: () => (gate.isOpen ? [port] : []) }), gate)
  }

  cut(): void {
    this.#gate.isOpen = false
    this.proxy.cut()
  }

  mend(): void {
    this.#gate.isOpen = true
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.proxy[Symbol.asyncDispose]()
  }
}

/** `index`: the node’s index in `nodes`. */
type TapMaker = (connection: ProxiedConnection, index: number, node: () => ServerNode) => Tap

export type ClusterOptions = {
  setup: Setup
  services: Services
  /** In place of the shared one, for a scenario that stops it. */
  postgres?: TestPostgres
  /** The number of clients beside the usual ones. */
  crowd?: number
  /** False: without NATS, where one node does without. */
  hasBus?: boolean
  /** Redis, and a sample market. */
  hasRedis?: boolean
  /** A folder for SQLite; a temporary one by default. */
  dataDir?: string
  /** A module that each server loads before everything else. */
  preload?: URL
  /** Variables of the servers, beside the usual ones. */
  environment?: Record<string, string>
  tapDatabase?: TapMaker
  tapBus?: TapMaker
}

const CHECK_INTERVAL_MS = 100

export class Cluster implements AsyncDisposable {
  readonly nodes: readonly ServerNode[]
  /** By the index of the node. */
  readonly links: readonly Links[]
  /** Where all clients connect: a balancer that asks each node whether it is ready, and takes the ready ones in turn. */
  readonly front: TcpProxy
  readonly nats: TestNats | null
  readonly redis: TestRedis | null
  readonly log: LogReader
  readonly #owned: AsyncDisposableStack

  private constructor(
    { nodes, links, front, nats, redis, log }: Pick<Cluster, 'nodes' | 'links' | 'front' | 'nats' | 'redis' | 'log'>,
    owned: AsyncDisposableStack,
  ) {
    this.nodes = nodes
    this.links = links
    this.front = front
    this.nats = nats
    this.redis = redis
    this.log = log
    this.#owned = owned
  }

  static async open(options: ClusterOptions): Promise<Cluster> {
    const { setup, services, preload, hasBus = true, hasRedis = false, tapDatabase, tapBus } = options
    await using opened = new AsyncDisposableStack()
    const dataDir = options.dataDir ?? opened.use(await temporaryFolder()).path
    const isEmbedded = setup === 'sqlite'
    const nats = isEmbedded || !hasBus ? null : opened.use(await startNats())
    const redis = hasRedis ? opened.use(await startRedis()) : null
    const databaseUrl = isEmbedded ? null : await (options.postgres ?? (await services.postgres())).createDatabase()
    const nodes: ServerNode[] = []
    const links: Links[] = []
    for (let n = 0; n < (setup === 'cluster' ? 2 : 1); n++) {
      const node = () => {
        const known = nodes[n]
        if (!known) throw new Error('a connection before there is a node')
        return known
      }
      const through = async (port: number, make?: TapMaker) =>
        opened.use(
          await TcpProxy.listen({
            route: () => [port],
            ...(make ? { tap: (connection) => make(connection, n, node) } : {}),
          }),
        )
      const bus = nats && (await through(nats.port, tapBus))
      const database = databaseUrl === null ? null : await through(Number(new URL(databaseUrl).port), tapDatabase)
      const market = redis && opened.use(await CuttableLink.to(redis.port))
      links.push({ bus, database, redis: market })
      nodes.push(
        opened.use(
          await ServerNode.start({
            // A folder belongs to one process.
            DATA_DIR: isEmbedded ? dataDir : join(dataDir, `node-${n}`),
            MARKET_SIM: 'off',
            CALLS_PER_SECOND: '100000',
            CALLS_PER_SECOND_PER_IP: '1000000',
            CONNECTIONS_PER_SECOND_PER_IP: '100000',
            MAX_SOCKETS_PER_IP: String(200 + 2 * (options.crowd ?? 0)),
            ...options.environment,
            ...(preload ? { NODE_OPTIONS: `--import ${preload.href}` } : {}),
            ...(market ? { REDIS_URL: `redis://127.0.0.1:${market.proxy.port}`, MARKET_SAMPLE: 'true' } : {}),
            ...(bus ? { NATS_URL: `nats://127.0.0.1:${bus.port}` } : {}),
            ...(databaseUrl !== null && database
              ? {
                  DATABASE_URL: atPort(databaseUrl, database.port),
                  SESSION_SECRET: 'a secret that is long enough for a test',
                }
              : {}),
          }),
        ),
      )
    }
    await Promise.all(nodes.map((node) => node.look()))
    const looking = setInterval(() => void Promise.all(nodes.map((node) => node.look())), CHECK_INTERVAL_MS)
    opened.defer(() => clearInterval(looking))
    let turn = 0
    const front = opened.use(
      await TcpProxy.listen({
        route() {
          turn += 1
          const inTurn = nodes
            .map((_, index) => nodes[(index + turn) % nodes.length])
            .filter((node) => node !== undefined)
          // Where no node is ready, one that is not may still answer.
          const ready = inTurn.filter(({ isReady }) => isReady)
          return [...ready, ...inTurn.filter(({ isReady }) => !isReady)].map(({ port }) => port)
        },
      }),
    )
    const log = databaseUrl === null ? sqliteReader(`${dataDir}/tablecast.sqlite`) : postgresReader(databaseUrl)
    return new Cluster({ nodes, links, front, nats, redis, log }, opened.move())
  }

  get url(): string {
    return `http://127.0.0.1:${this.front.port}`
  }

  /** How many sockets the nodes hold open, by their own count. */
  async sockets(): Promise<number> {
    const counts = this.nodes.map(async ({ port }) => {
      const health = (await (await fetch(`http://127.0.0.1:${port}/health`)).json()) as { connections: number }
      return health.connections
    })
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync()
  }
}

function atPort(url: string, port: number): string {
  const changed = new URL(url)
  changed.port = String(port)
  return changed.href
}
