// The whole server as a process on its own core, started as in production. Higher limits let 1,000 clients connect from one address.
import { type ChildProcess, fork, type ForkOptions } from 'node:child_process'
import type { AppRouter } from '@tablecast/server'
import { freePort, temporaryFolder } from '@tablecast/testing'
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client'
import { ask, end } from '../child.ts'
import { forkOn, SERVER_CORE } from '../cores.ts'
import type { Cost, LoopDelay, Memory } from '../probe.ts'

const MAIN = new URL(import.meta.resolve('@tablecast/server/main'))
const PROBE = new URL('../probe.ts', import.meta.url)
/** The number of guests that sign in at a time. */
const AT_ONCE = 20

const noLimits = {
  MAX_SOCKETS: '100000',
  MAX_SOCKETS_PER_IP: '100000',
  MAX_SOCKETS_PER_ROOM: '100000',
  MAX_SOCKETS_PER_USER: '100000',
  MAX_MEMBERS_PER_ROOM: '100000',
  CONNECTIONS_PER_SECOND_PER_IP: '100000',
  CALLS_PER_SECOND_PER_IP: '100000',
  CALLS_PER_SECOND: '100000',
}

export type Client = TRPCClient<AppRouter>

/**
 * `main`: the file that starts the server; from its sources by default. `limits`: by default none that a benchmark meets. `isPinned`: false
 * for a server that shares all cores with its clients, as its own processes need them.
 */
type ProductOptions = { main?: URL; limits?: Record<string, string>; isPinned?: boolean }
type Started = { port: number; main: URL; environment: Record<string, string>; isPinned: boolean }

export class Product implements AsyncDisposable {
  readonly port: number
  readonly #main: URL
  readonly #environment: Record<string, string>
  readonly #isPinned: boolean
  readonly #opened: AsyncDisposableStack
  #child: ChildProcess
  #keys = 0

  private constructor(
    { port, main, environment, isPinned }: Started,
    opened: AsyncDisposableStack,
    child: ChildProcess,
  ) {
    this.port = port
    this.#main = main
    this.#environment = environment
    this.#isPinned = isPinned
    this.#opened = opened
    this.#child = child
  }

  /** `options.main`: the file that starts the server. By default the server runs from its sources. */
  static async start(environment: Record<string, string> = {}, options: ProductOptions = {}): Promise<Product> {
    const { main = MAIN, limits = noLimits, isPinned = true } = options
    await using opened = new AsyncDisposableStack()
    const folder = opened.use(await temporaryFolder())
    const port = await freePort()
    const all = {
      PORT: String(port),
      DATA_DIR: folder.path,
      LOG_LEVEL: 'silent',
      MARKET_SIM: 'off',
      ...limits,
      ...environment,
    }
    const wanted = { port, main, environment: all, isPinned }
    return new Product(wanted, opened.move(), await started(wanted))
  }

  /** Kills the server as a power cut would, and starts it again on the same data. */
  async restart(): Promise<void> {
    await end(this.#child)
    this.#child = await started({
      main: this.#main,
      environment: this.#environment,
      isPinned: this.#isPinned,
    })
  }

  /** The id of the server's process. */
  get processId(): number {
    const { pid } = this.#child
    if (pid === undefined) throw new Error('the server does not run')
    return pid
  }

  cost(): Promise<Cost> {
    return ask(this.#child, 'cost?')
  }

  memory(): Promise<Memory> {
    return ask(this.#child, 'memory?')
  }

  /** Since the last time that it was asked. */
  loopDelay(): Promise<LoopDelay> {
    return ask(this.#child, 'delay?')
  }

  client(token?: string): Client {
    const headers = token ? { authorization: `Bearer ${token}` } : {}
    return createTRPCClient<AppRouter>({ links: [httpLink({ url: `http://127.0.0.1:${this.port}/trpc`, headers })] })
  }

  key(): string {
    return `bench-key-${String(++this.#keys).padStart(8, '0')}`
  }

  /** Signs in a guest in the sample room. */
  async join(name: string, role: 'owner' | 'player'): Promise<string> {
    const anonymous = this.client()
    const { sample } = await anonymous.auth.config.query()
    const { token } = await anonymous.auth.guest.mutate({ name })
    const code = (role === 'owner' ? sample?.ownerCode : sample?.playerCode) ?? ''
    await this.client(token).rooms.join.mutate({ key: this.key(), code })
    return token
  }

  async players(count: number): Promise<string[]> {
    const tokens: string[] = []
    while (tokens.length < count) {
      const next = Math.min(AT_ONCE, count - tokens.length)
      tokens.push(
        ...(await Promise.all(
          Array.from({ length: next }, (_, n) => this.join(`Player ${tokens.length + n}`, 'player')),
        )),
      )
    }
    return tokens
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#child)
    await this.#opened.disposeAsync()
  }
}

async function started({ main, environment, isPinned }: Omit<Started, 'port'>): Promise<ChildProcess> {
  const options: ForkOptions = {
    execArgv: ['--expose-gc', '--import', PROBE.href],
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  }
  const child = isPinned ? forkOn(SERVER_CORE, main, [], options) : fork(main, options)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  child.stdout?.on('data', (part) => {
    if (String(part).includes('ready at')) resolve()
  })
  child.once('exit', () => reject(new Error('the server has ended early')))
  await promise
  return child
}
