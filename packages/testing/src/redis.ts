// A real redis-server of a test's own: a child process on a free port, nothing on disk.
import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { promisify } from 'node:util'
import { ChildServer } from './child-server.ts'
import { freePort } from './port.ts'

export type TestRedis = AsyncDisposable & {
  url: string
  port: number
  /** Runs `redis-cli` with these arguments. */
  cli(...args: string[]): Promise<string>
  /** Stops the server; `start` brings it back on the same port. */
  stop(): Promise<void>
  start(): Promise<void>
  /** Suspends the process, which then neither answers nor closes, and resumes it. */
  freeze(): void
  goOn(): void
}

/** `port`: for clients that already know it; by default a free one. */
export async function startRedis(options: { port?: number } = {}): Promise<TestRedis> {
  const port = options.port ?? (await freePort())
  const server = new ChildServer({
    command: 'redis-server',
    args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', tmpdir()],
    ready: { text: 'Ready to accept connections', on: 'stdout' },
    stopSignal: 'SIGKILL',
  })
  await server.start()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    start: () => server.start(),
    stop: () => server.stop(),
    cli: async (...args) => (await promisify(execFile)('redis-cli', ['-p', String(port), ...args])).stdout.trimEnd(),
    freeze: () => server.kill('SIGSTOP'),
    goOn: () => server.kill('SIGCONT'),
    [Symbol.asyncDispose]: () => server.stop(),
  }
}
