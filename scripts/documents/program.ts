import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { until } from '@tablecast/testing'

export type Surroundings = { cwd: string; env: NodeJS.ProcessEnv }

const KILL_TIMEOUT_MS = 20_000

/** A command of a shell with all that it starts, as a process group: it is stopped whole. */
export class Program implements AsyncDisposable {
  readonly #command: string
  readonly #process
  readonly #exited: Promise<unknown>
  #output = ''

  constructor(command: string, { cwd, env }: Surroundings) {
    this.#command = command
    this.#process = spawn('bash', ['-c', command], { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
    this.#exited = once(this.#process, 'close')
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream.on('data', (part: Buffer) => (this.#output += part.toString()))
  }

  get output(): string {
    return this.#output
  }

  get hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null
  }

  /** Resolves when it has ended with 0, with what it printed. */
  async finished(): Promise<string> {
    await this.#exited
    if (this.#process.exitCode !== 0) throw new Error(`${this.#command}\n${this.#output}`)
    return this.#output
  }

  /** Throws when it has ended. */
  mustRun(): void {
    if (this.hasEnded) throw new Error(`${this.#command}\nended too early:\n${this.#output}`)
  }

  /** Resolves when what it prints is as it should be. Rejects when it ends before. */
  async prints(holds: (output: string) => boolean): Promise<void> {
    await until(() => {
      if (holds(this.#output)) return true
      this.mustRun()
      return false
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.hasEnded) this.#signal('SIGTERM')
    const timer = setTimeout(() => this.#signal('SIGKILL'), KILL_TIMEOUT_MS)
    await this.#exited
    clearTimeout(timer)
    // A member of the group may outlive its leader.
    this.#signal('SIGKILL')
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#process
    if (pid === undefined) return
    try {
      process.kill(-pid, signal)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
    }
  }
}
