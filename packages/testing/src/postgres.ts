// A real PostgreSQL of a test's own: a child process on a free port, its data in a temporary folder.
import { execFile } from 'node:child_process'
import { chownSync, globSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { ChildServer } from './child-server.ts'
import { copyCluster } from './postgres-cluster.ts'
import { freePort } from './port.ts'

export type TestPostgres = AsyncDisposable & {
  url: string
  /** A fresh, empty database, or a copy of the one at the address `like`, to which nobody may be connected. */
  createDatabase(like?: string): Promise<string>
  /** Stops the server; `start` brings it back on the same port, with its data. */
  stop(): Promise<void>
  start(): Promise<void>
}

export type PostgresOptions = {
  /** Waits for the disk at each commit, as in production. Measurements need it. Tests that read back their own rows do not. */
  isDurable?: boolean
}

const WITHOUT_DISK = ['fsync=off', 'full_page_writes=off']

export async function startPostgres({ isDurable = false }: PostgresOptions = {}): Promise<TestPostgres> {
  const folder = globSync('/usr/lib/postgresql/*/bin').toSorted().at(-1) ?? ''
  // PostgreSQL refuses to run as root.
  const owner: Partial<Ids> = process.getuid?.() === 0 ? await idsOf('postgres') : {}
  const path = await mkdtemp(join(tmpdir(), 'tablecast-pg-'))
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(path, owner.uid, owner.gid)
  const options = { cwd: path, ...owner }
  const data = join(path, 'data')
  await copyCluster(folder, options, data)
  const port = await freePort()
  const settings = ['max_connections=60', ...(isDurable ? [] : WITHOUT_DISK)]
  const urlOf = (database: string) => `postgres://tablecast@127.0.0.1:${port}/${database}`
  const server = new ChildServer({
    command: join(folder, 'postgres'),
    args: ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', path, ...settings.flatMap((one) => ['-c', one])],
    options,
    ready: { text: 'database system is ready to accept connections', on: 'stderr' },
    stopSignal: 'SIGINT',
  })
  const [start, stop] = [() => server.start(), () => server.stop()]
  const dispose = async () => {
    await stop()
    await rm(path, { recursive: true, force: true })
  }
  try {
    await start()
  } catch (error) {
    await dispose()
    throw error
  }
  let count = 0
  return {
    url: urlOf('postgres'),
    async createDatabase(like) {
      const name = `test_${++count}`
      const client = new Client({ connectionString: urlOf('postgres') })
      await client.connect()
      const template = like === undefined ? '' : ` template ${new URL(like).pathname.slice(1)}`
      await client.query(`create database ${name}${template}`)
      await client.end()
      return urlOf(name)
    },
    start,
    stop,
    [Symbol.asyncDispose]: dispose,
  }
}

type Ids = { uid: number; gid: number }

async function idsOf(user: string): Promise<Ids> {
  const id = async (flag: string) => Number((await promisify(execFile)('id', [flag, user])).stdout)
  return { uid: await id('-u'), gid: await id('-g') }
}
