import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { startProcess } from '@tablecast/server/testing/process'
import { freePort, temporaryFolder } from '@tablecast/testing'
import { play, type ScenarioDeps, type Scenario } from '../scenario.ts'
import { within } from '../within.ts'

const NOTICE_TIMEOUT_MS = 60_000
/** Until a server that can not start has ended. */
const START_TIMEOUT_MS = 120_000
const FILE = 'tablecast.sqlite'
/** Accidents of an operator. After each, nothing of the campaign is left in the file. */
const losses: Record<string, (file: string) => void> = {
  deleted: (file) => rmSync(file),
  'deleted with its log': (file) => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
  },
  emptied: (file) => truncateSync(file),
  replaced(file) {
    rmSync(file)
    using other = new DatabaseSync(file)
    other.exec('create table other (x)')
  },
}

export const databaseFileGone: Scenario = {
  name: 'database-file-gone',
  title: 'the SQLite file is deleted, emptied or replaced under a running server, then put back as it was',
  setups: ['sqlite'],
  short: ['sqlite'],
  async run(context) {
    await using folder = await temporaryFolder()
    const dataDir = join(folder.path, 'data')
    mkdirSync(dataDir)
    return await play(
      context,
      async (all) => {
        const messages = new Set<string>()
        const kinds = Object.entries(losses)
        const rounds = context.isShort ? kinds : [...kinds, ...kinds, ...kinds]
        for (const [round, [kind, lose]] of rounds.entries()) {
          const kept = join(folder.path, `kept-${round}`)
          await loseFile(all, { dataDir, kept, kind, lose, messages })
          await putBack(all, { dataDir, kept, kind })
        }
        return { rounds: rounds.length, notes: [`the DM got: ${[...messages].join(' / ')}`] }
      },
      { dataDir, environment: { LOG_LEVEL: 'error' } },
    )
  },
}

type Loss = { dataDir: string; kept: string; kind: string; lose: (file: string) => void; messages: Set<string> }

/** From the loss on, the server acknowledges nothing; its answers, `/health` and its log say why. */
async function loseFile(
  { cluster, table }: ScenarioDeps,
  { dataDir, kept, kind, lose, messages }: Loss,
): Promise<void> {
  // Everything that was acknowledged by now is in the copy, and in nothing else once the file is gone.
  await table.paused()
  await table.caughtUp(performance.now())
  copyData(dataDir, kept)
  const acknowledged = table.ledger.count
  lose(join(dataDir, FILE))
  const lostAt = performance.now()
  table.resume()
  const refusalsOf = () => table.writers.map(({ refusals }) => refusals.filter(({ at }) => at > lostAt))
  await within(NOTICE_TIMEOUT_MS, 'each DM gets a refusal', () => refusalsOf().every((refusals) => refusals.length > 2))
  for (const { code, message } of refusalsOf().flat()) {
    messages.add(message)
    if (code !== 'UNAVAILABLE') table.complain(`${kind}: a DM got ${code}: ${message}`)
    if (!message.includes('database file')) table.complain(`${kind}: a DM’s refusal does not name the file: ${message}`)
  }
  const node = onlyNode(cluster)
  const health = (await (await fetch(`http://127.0.0.1:${node.port}/health`)).json()) as Health
  if (health.status !== 'degraded' || !health.database_error?.includes('database file'))
    table.complain(`${kind}: /health says ${health.status}, ${health.database_error}`)
  const ready = await fetch(`http://127.0.0.1:${node.port}/health/ready`)
  if (ready.status !== 503) table.complain(`${kind}: /health/ready answers ${ready.status}`)
  await within(NOTICE_TIMEOUT_MS, 'the log of the server says so', () => node.output().includes('"problem":"lost"'))
  if (table.ledger.count !== acknowledged)
    table.complain(`${kind}: ${table.ledger.count - acknowledged} updates were acknowledged after the file was gone`)
}

/** A server that is started there does not begin with an empty table. With the file back, it goes on with all that was acknowledged. */
async function putBack({ cluster, table }: ScenarioDeps, at: Pick<Loss, 'dataDir' | 'kept' | 'kind'>): Promise<void> {
  const { dataDir, kept, kind } = at
  const node = onlyNode(cluster)
  const code = await node.end('SIGTERM')
  if (code !== 0) table.complain(`${kind}: the server ended with ${code}`)
  const before = sizesIn(dataDir)
  const refused = await startIn(dataDir)
  if (refused.code === 0 || !/gone or empty.*restore a backup/.test(refused.output))
    table.complain(`${kind}: a start in that folder ended with ${refused.code}: ${refused.output.slice(-500)}`)
  if (sizesIn(dataDir) !== before) table.complain(`${kind}: a refused start left ${sizesIn(dataDir)} of ${before}`)
  for (const name of readdirSync(dataDir)) if (name.startsWith(FILE)) rmSync(join(dataDir, name))
  copyData(kept, dataDir)
  await node.start()
  const back = performance.now()
  await table.acknowledged()
  await table.caughtUp(back)
}

type Health = { status: string; database_error: string | null }

function onlyNode({ nodes }: ScenarioDeps['cluster']) {
  const [node] = nodes
  if (!node) throw new Error('there is no node')
  return node
}

function copyData(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  // The index of the log is made again from the log.
  for (const name of [FILE, `${FILE}-wal`])
    if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name))
}

/** Without the index of the log, which holds nothing of its own. */
const sizesIn = (folder: string): string =>
  readdirSync(folder)
    .filter((name) => !name.endsWith('-shm'))
    .toSorted()
    .map((name) => `${name} ${statSync(join(folder, name)).size}`)
    .join(', ')

/** Of a server that is expected to end by itself; one that serves is killed. */
async function startIn(dataDir: string): Promise<{ code: number | null; output: string }> {
  const started = startProcess({ DATA_DIR: dataDir, PORT: String(await freePort()), MARKET_SIM: 'off' })
  const reap = () => started.child.kill('SIGKILL')
  process.once('exit', reap)
  await within(START_TIMEOUT_MS, 'the start is refused', () => {
    if (started.output().includes('ready at')) started.child.kill('SIGKILL')
    return started.child.exitCode !== null || started.child.signalCode !== null
  }).finally(reap)
  process.off('exit', reap)
  const [code] = await started.exited
  return { code, output: started.output() }
}
