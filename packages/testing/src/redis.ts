// A real redis-server of a test's own: a child process on a free port, nothing on disk.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { freePort } from './port.ts'

export type TestRedis = AsyncDisposable & {
  url: string
  port: number
  /** What a person does with `redis-cli`. */
  cli(...args: string[]): Promise<string>
  /** Stops the server; `start` brings it back on the same port. */
  stop(): Promise<void>
  start(): Promise<void>
  /** Neither answers nor closes, until it goes on. */
  freeze(): void
  goOn(): void
}

/** `port`: for one that something already waits for; a free one by default. */
export async function startRedis(options: { port?: number } = {}): Promise<TestRedis> {
  const port = options.port ?? (await freePort())
  let server: ChildProcess | null = null
  const start = async () => {
    const started = spawn(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    server = started
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let log = ''
    started.stdout.on('data', (part) => {
      log += String(part)
      if (log.includes('Ready to accept connections')) resolve()
    })
    started.once('error', reject)
    started.once('exit', () => reject(new Error(`redis-server did not start: ${log}`)))
    await promise
  }
  const stop = async () => {
    const running = server
    server = null
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const gone = once(running, 'exit')
    running.kill('SIGKILL')
    await gone
  }
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    start,
    stop,
    cli: async (...args) => (await promisify(execFile)('redis-cli', ['-p', String(port), ...args])).stdout.trimEnd(),
    freeze: () => void server?.kill('SIGSTOP'),
    goOn: () => void server?.kill('SIGCONT'),
    [Symbol.asyncDispose]: stop,
  }
}
