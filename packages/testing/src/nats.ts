// A real nats-server of a test's own: a child process on a free port.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './port.ts'

/** Debian puts it where not every user's PATH leads. */
const SBIN = '/usr/sbin/nats-server'
const binary = existsSync(SBIN) ? SBIN : 'nats-server'

export type TestNats = AsyncDisposable & {
  url: string
  port: number
  /** Stops the server; `start` brings it back on the same port. */
  stop(): Promise<void>
  start(): Promise<void>
}

/** `port`: for one that something already waits for; a free one by default. `jetstream`: with a store that outlives a stop. */
export async function startNats(options: { port?: number; jetstream?: boolean } = {}): Promise<TestNats> {
  const folder = options.jetstream ? await mkdtemp(join(tmpdir(), 'tablecast-nats-')) : null
  const storage = folder ? ['-js', '-sd', folder] : []
  const port = options.port ?? (await freePort())
  let server: ChildProcess | null = null
  const start = async () => {
    const started = spawn(binary, ['-a', '127.0.0.1', '-p', String(port), ...storage], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    server = started
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let log = ''
    started.stderr.on('data', (part) => {
      log += String(part)
      if (log.includes('Server is ready')) resolve()
    })
    started.once('error', reject)
    started.once('exit', () => reject(new Error(`nats-server did not start: ${log}`)))
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
  const dispose = async () => {
    await stop()
    if (folder) await rm(folder, { recursive: true, force: true })
  }
  await start()
  return { url: `nats://127.0.0.1:${port}`, port, start, stop, [Symbol.asyncDispose]: dispose }
}
