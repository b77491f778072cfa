// The server of a test, on a free port and in a folder of its own: in the process of a `ServerHost`, or, where the test ends it, as
// `pnpm build` leaves it, in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@tablecast/testing'
import type { ServerHost } from './server-host.ts'

/** Node keeps the compiled server here, so that not every start compiles it again. */
const compileCache = join('node_modules', '.cache', 'e2e-compiled-server')

/** The variable that tells the workers of Playwright where the data of the first start is. */
const FIRST_DATA = 'E2E_FIRST_DATA'

type Options = {
  /** A port that others expect. Without it a free one is taken. */
  port?: number
  /** Without it the server has a process of its own. */
  host?: ServerHost | undefined
}

export class TestServer {
  readonly port: number
  readonly #folder: string
  readonly #host: ServerHost | undefined
  #environment: Record<string, string>
  #process: ChildProcess | null = null

  private constructor(port: number, folder: string, environment: Record<string, string>, host?: ServerHost) {
    this.port = port
    this.#folder = folder
    this.#environment = environment
    this.#host = host
  }

  static async start(environment: Record<string, string> = {}, { port, host }: Options = {}): Promise<TestServer> {
    const folder = await mkdtemp(join(tmpdir(), 'tablecast-e2e-'))
    const firstData = process.env[FIRST_DATA]
    const isUsual = Object.keys(environment).length === 0
    if (firstData !== undefined && isUsual) await cp(firstData, folder, { recursive: true })
    const server = new TestServer(port ?? (await freePort()), folder, environment, host)
    await server.start()
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    const settings = {
      PORT: String(this.port),
      DATA_DIR: this.#folder,
      LOG_LEVEL: 'error',
      CALLS_PER_SECOND: '1000',
      CALLS_PER_SECOND_PER_IP: '5000',
      CONNECTIONS_PER_SECOND_PER_IP: '1000',
      ARENA_PACE_MS: '40',
      SIGNALS_DEMO: 'true',
      SIGNALS_FEEDS: 'levels=LEVEL_SIGNALS/levels.signals,quiet=QUIET/quiet.signals',
      ...this.#environment,
    }
    if (this.#host) return await this.#host.open(settings)
    const child = spawn('node', ['apps/server/dist/start.js'], {
      env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: compileCache, ...settings },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#process = child
    let isReady = false
    for await (const part of child.stdout) {
      isReady = String(part).includes('ready at')
      if (isReady) break
    }
    if (!isReady) throw new Error('the server did not start')
  }

  /** Servers with the usual settings begin with a copy of this one's data. Call it after `drain`, and leave the data as it is. */
  offerData(): void {
    process.env[FIRST_DATA] = this.#folder
  }

  /** Takes effect with the next start. */
  configure(environment: Record<string, string>): void {
    this.#environment = { ...this.#environment, ...environment }
  }

  /** Ends the process in order, which is when Node writes what it has compiled. */
  async drain(): Promise<void> {
    await this.#end('SIGTERM')
  }

  /** Ends the process at once, as a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#host) throw new Error('a test that ends its server needs a process: see `ownProcess`')
    const child = this.#process
    this.#process = null
    if (!child || child.exitCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  async stop(): Promise<void> {
    if (this.#host) await this.#host.close(String(this.port))
    else await this.kill()
    await rm(this.#folder, { recursive: true, force: true })
  }
}
