import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'

export type ChildServerOptions = {
  command: string
  args: readonly string[]
  options?: Pick<SpawnOptions, 'cwd' | 'uid' | 'gid'>
  /** The text that the server prints when it is ready, and the stream; null if the caller finds out in another way. */
  ready: { text: string; on: 'stdout' | 'stderr' } | null
  stopSignal: NodeJS.Signals
}

/** A server as a child process that can be stopped and started again. */
export class ChildServer implements AsyncDisposable {
  readonly #options: ChildServerOptions
  #process: ChildProcess | null = null

  constructor(options: ChildServerOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    const { command, args, options, ready } = this.#options
    const pipe = (on: 'stdout' | 'stderr') => (ready?.on === on ? 'pipe' : 'ignore')
    const started = spawn(command, args, { ...options, stdio: ['ignore', pipe('stdout'), pipe('stderr')] })
    this.#process = started
    // A test that timed out disposes of nothing.
    const reap = () => started.kill('SIGKILL')
    process.once('exit', reap)
    started.once('exit', () => process.off('exit', reap))
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let printed = ''
    let isReady = ready === null
    if (ready)
      started[ready.on]?.on('data', (part) => {
        if (isReady) return
        printed += String(part)
        isReady = printed.includes(ready.text)
        if (isReady) resolve()
      })
    started.once('error', reject)
    started.once('exit', () => reject(new Error(`${command} did not start: ${printed}`)))
    if (isReady) resolve()
    await promise
  }

  async stop(): Promise<void> {
    const running = this.#process
    this.#process = null
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const gone = once(running, 'exit')
    running.kill(this.#options.stopSignal)
    await gone
  }

  kill(signal: NodeJS.Signals): void {
    this.#process?.kill(signal)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}
