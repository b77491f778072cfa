// A real nats-server of a test's own: a child process on a free port.
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ChildServer } from './child-server.ts'
import { freePort } from './port.ts'

/** Debian installs it in a folder that is not in every user's PATH. */
const SBIN = '/usr/sbin/nats-server'
const binary = existsSync(SBIN) ? SBIN : 'nats-server'

export type TestNats = AsyncDisposable & {
  url: string
  port: number
  /** The subjects that each connection subscribes to, by the connection's name, without its inboxes. */
  subscriptions(): Promise<Map<string, string[]>>
  /** Stops the server; `start` brings it back on the same port. */
  stop(): Promise<void>
  start(): Promise<void>
  /** Suspends the process and resumes it. Meanwhile its connections stay open and it answers nothing. */
  freeze(): void
  thaw(): void
}

/** `port`: for clients that already know it; by default a free one. `jetstream`: with a store that survives a stop. */
export async function startNats(options: { port?: number; jetstream?: boolean } = {}): Promise<TestNats> {
  const folder = options.jetstream ? await mkdtemp(join(tmpdir(), 'tablecast-nats-')) : null
  const storage = folder ? ['-js', '-sd', folder] : []
  const port = options.port ?? (await freePort())
  const monitor = await freePort()
  const server = new ChildServer({
    command: binary,
    args: ['-a', '127.0.0.1', '-p', String(port), '-m', String(monitor), ...storage],
    ready: { text: 'Server is ready', on: 'stderr' },
    stopSignal: 'SIGKILL',
  })
  const [start, stop] = [() => server.start(), () => server.stop()]
  const freeze = () => server.kill('SIGSTOP')
  const thaw = () => server.kill('SIGCONT')
  const dispose = async () => {
    await stop()
    if (folder) await rm(folder, { recursive: true, force: true })
  }
  await start()
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    subscriptions: () => subscriptionsAt(monitor),
    start,
    stop,
    freeze,
    thaw,
    [Symbol.asyncDispose]: dispose,
  }
}

/** https://docs.nats.io/running-a-nats-service/nats_admin/monitoring#connection-information */
async function subscriptionsAt(monitorPort: number): Promise<Map<string, string[]>> {
  const response = await fetch(`http://127.0.0.1:${monitorPort}/connz?subs=1&limit=10000`)
  const { connections } = (await response.json()) as { connections: { name?: string; subscriptions_list?: string[] }[] }
  return new Map(
    connections.map(({ name = '', subscriptions_list: subjects = [] }) => [
      name,
      subjects.filter((subject) => !subject.startsWith('_INBOX.')).toSorted(),
    ]),
  )
}
