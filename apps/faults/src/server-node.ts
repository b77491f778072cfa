import { startProcess } from '@tablecast/server/testing/process'
import { freePort } from '@tablecast/testing'
import { within } from './within.ts'

const START_TIMEOUT_MS = 60_000

/** A server process that can be killed, stopped and started again on the same port. */
export class ServerNode implements AsyncDisposable {
  readonly port: number
  readonly #environment: Record<string, string>
  #running: ReturnType<typeof startProcess> | null = null
  #isReady = false
  #complaint: string | null = null

  private constructor(port: number, environment: Record<string, string>) {
    this.port = port
    this.#environment = environment
  }

  static async start(environment: Record<string, string>): Promise<ServerNode> {
    const node = new ServerNode(await freePort(), environment)
    await node.start()
    return node
  }

  get isRunning(): boolean {
    return this.#running !== null
  }

  /** Why its process ended when nobody ended it; null as long as that did not happen. */
  get complaint(): string | null {
    return this.#complaint
  }

  /** Its output since its last start. */
  readonly output = (): string => this.#running?.output() ?? ''

  /** By the last look. */
  get isReady(): boolean {
    return this.#isReady
  }

  async start(): Promise<void> {
    const started = startProcess({ ...this.#environment, PORT: String(this.port) })
    this.#running = started
    // A run that was given up disposes of nothing.
    const reap = () => started.child.kill('SIGKILL')
    process.once('exit', reap)
    started.child.once('exit', (code) => {
      if (code !== null && code !== 0)
        this.#complaint ??= `a server ended by itself with ${code}: ${started.output().slice(-1_000)}`
      process.off('exit', reap)
      this.#isReady = false
      if (this.#running === started) this.#running = null
    })
    await within(START_TIMEOUT_MS, 'the server starts', () => {
      if (this.#running !== started) throw new Error(`the server ended while it started: ${started.output()}`)
      return started.output().includes('ready at')
    })
  }

  /** Sends the signal and resolves when the process is gone: its exit code, or null when the signal ended it. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const running = this.#running
    if (!running) return null
    running.child.kill(signal)
    return (await running.exited)[0]
  }

  signal(signal: NodeJS.Signals): void {
    this.#running?.child.kill(signal)
  }

  /** Resolves when the process is gone, however that came. */
  async gone(): Promise<void> {
    await this.#running?.exited
  }

  /** Asks for readiness, as a balancer does. */
  async look(): Promise<void> {
    this.#isReady = await fetch(`http://127.0.0.1:${this.port}/health/ready`, { signal: AbortSignal.timeout(2_000) })
      .then(async (answer) => {
        await answer.arrayBuffer()
        return answer.ok
      })
      .catch(() => false)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL')
  }
}
