// The cost of a backup and a restore of a long campaign, and their effect on the table meanwhile.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { emptyState, type NarrativeEntry, roomStream } from '@tablecast/contracts'
import { openProcess } from '@tablecast/server/testing/process'
import { httpClient } from '@tablecast/server/testing/testbed'
import { openStore, type StoreOptions } from '@tablecast/store'
import { startPostgres, temporaryFolder } from '@tablecast/testing'
import type { Section } from './section.ts'
import { quantile, table } from './statistics.ts'

const ENTRIES = 100_000
const CHANGES = 10_000
const EVENTS = 10_000
const EVENT_LENGTH = 1_000
const MESSAGE_INTERVAL_MS = 25
const QUIET_MS = 5_000

const admin = fileURLToPath(new URL('../../admin/src/main.ts', import.meta.url))

export async function backup(): Promise<Section> {
  await using postgres = await startPostgres({ isDurable: true })
  const rows = [
    await measure('SQLite', {}),
    await measure('PostgreSQL', { DATABASE_URL: await postgres.createDatabase() }),
  ].flat()
  const heads = [
    'database',
    '',
    'seconds',
    'peak memory, MB',
    'file, MB',
    'p50, ms',
    'p99, ms',
    'longest, ms',
    'without an answer',
  ]
  return {
    title: 'Backup and restore',
    text: `A campaign of ${ENTRIES.toLocaleString('en')} entries and ${CHANGES.toLocaleString('en')} changes, ${EVENTS.toLocaleString('en')} events of ${EVENT_LENGTH} B, while a DM says ${1_000 / MESSAGE_INTERVAL_MS} lines a second at another table of the same server; p50, p99 and the longest: from the line to its answer.\n\n${table([heads, ...rows])}`,
    targets: [],
  }
}

async function measure(name: string, database: Record<string, string>): Promise<string[][]> {
  await using folder = await temporaryFolder()
  const dataDir = join(folder.path, 'data')
  await fill({ dataDir, databaseUrl: database['DATABASE_URL'] })
  const environment = {
    ...database,
    DATA_DIR: dataDir,
    SESSION_SECRET: randomUUID(),
    CALLS_PER_SECOND: '10000',
    CALLS_PER_SECOND_PER_IP: '100000',
  }
  await using server = await openProcess(environment)
  const url = `http://127.0.0.1:${server.port}`
  const [, code = ''] = /\/join\/([\w-]{24})/.exec(server.output()) ?? []
  const { token } = await httpClient(url).auth.guest.mutate({ name: 'DM' })
  const dm = httpClient(url, token)
  await dm.rooms.join.mutate({ key: randomUUID(), code })
  const talk = new Talk((message) => dm.campaign.say.mutate({ roomId: 'main', key: randomUUID(), message }))

  talk.cut()
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
  const quiet = [name, 'nothing beside it', '', '', '', ...talk.cut()]
  const file = join(folder.path, 'backup')
  const made = await run(environment, 'backup', file)
  const size = ((await stat(file)).size / 1e6).toFixed(1)
  const during = [name, 'backup', made.seconds, made.peakMb, size, ...talk.cut()]
  const restored = await run(environment, 'restore', '--replace', file)
  // Until the server has restarted and answers again.
  while (!server.output().includes('The database was restored')) await new Promise((resolve) => setTimeout(resolve, 50))
  const after = [name, `restore (${restored.said})`, restored.seconds, restored.peakMb, '', ...talk.cut()]
  await talk.end()
  return [quiet, during, after]
}

/** Sends a line at each interval, even if the previous line has no answer yet. */
class Talk {
  #took: number[] = []
  #failed = 0
  readonly #open = new Set<Promise<void>>()
  readonly #timer: ReturnType<typeof setInterval>

  constructor(say: (message: string) => Promise<unknown>) {
    this.#timer = setInterval(() => {
      const started = performance.now()
      const asked = say('The bell tolls.')
        .then(() => void this.#took.push(performance.now() - started))
        .catch(() => void (this.#failed += 1))
        .finally(() => this.#open.delete(asked))
      this.#open.add(asked)
    }, MESSAGE_INTERVAL_MS)
  }

  /** p50, p99, the longest time and the number of failures since the previous call. */
  cut(): string[] {
    const [took, failed] = [this.#took, this.#failed]
    this.#took = []
    this.#failed = 0
    return [
      quantile(took, 0.5).toFixed(0),
      quantile(took, 0.99).toFixed(0),
      Math.max(0, ...took).toFixed(0),
      String(failed),
    ]
  }

  async end(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#open)
  }
}

async function run(environment: Record<string, string>, ...typed: string[]) {
  const started = performance.now()
  const child = spawn(process.execPath, [admin, ...typed], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let peak = 0
  // Linux keeps the highest value since the start of the process.
  const looking = setInterval(() => {
    readFile(`/proc/${child.pid}/status`, 'utf8')
      .then((status) => (peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0))))
      .catch(() => {})
  }, 20)
  let said = ''
  child.stdout.on('data', (part) => (said += String(part)))
  const [code] = (await once(child, 'close')) as [number | null]
  clearInterval(looking)
  if (code !== 0) throw new Error(`pnpm admin ${typed.join(' ')} ended with ${code}`)
  return {
    seconds: ((performance.now() - started) / 1_000).toFixed(1),
    peakMb: (peak / 1_024).toFixed(0),
    said: said.trim().split('; ').at(-1) ?? '',
  }
}

async function fill(options: StoreOptions): Promise<void> {
  await using store = await openStore(options)
  const at = new Date().toISOString()
  const [roomId, campaignId] = ['long', 'long']
  await store.write(async ({ rooms, campaigns }) => {
    await rooms.insert({ id: roomId, name: 'A long campaign', activeCampaignId: campaignId, createdAt: at })
    const stamps = { createdAt: at, updatedAt: at, archived: false, undoHead: null, redoHead: null }
    const state = { ...emptyState, status: String(CHANGES) }
    await campaigns.insert({ id: campaignId, roomId, name: 'Long', state, version: CHANGES, ...stamps })
  })
  const entry = (index: number): NarrativeEntry => ({
    id: `e${index}`,
    at,
    kind: 'narration',
    author: { id: 'dm', name: 'DM', role: 'dm' },
    text: words(300),
    rolls: [],
    audience: 'all',
    withdrawn: false,
  })
  const GROUP = 1_000
  for (let from = 0; from < ENTRIES; from += GROUP)
    await store.write(({ entries }) =>
      entries.append(
        campaignId,
        Array.from({ length: GROUP }, (_, index) => entry(from + index)),
      ),
    )
  for (let from = 0; from < CHANGES; from += GROUP)
    await store.write(async ({ journal, streams }) => {
      for (let version = from + 1; version <= from + GROUP; version++) {
        const links = {
          entryIds: [`e${version}`],
          target: null,
          previousUndo: null,
          previousRedo: null,
          operation: null,
          applied: null,
        }
        const change = { patch: { status: String(version) }, inverse: { status: String(version - 1) } }
        await journal.append({ campaignId, version, at, actorId: 'dm', kind: 'change', ...change, ...links })
        if (version <= EVENTS)
          await streams.append(roomStream(roomId, 'player'), at, ({ seq }) =>
            JSON.stringify({ seq, text: words(EVENT_LENGTH) }),
          )
      }
    })
}

const WORDS =
  'the a of and bell tolls under old stone marrow whispers door north river blade ash king sleeps fire seven'.split(' ')

/** Text that compresses about as well as a story. */
function words(length: number): string {
  let text = ''
  while (text.length < length)
    text += `${WORDS[Math.floor(Math.random() * WORDS.length)]}${Math.random().toString(36).slice(2, 4)} `
  return text.slice(0, length)
}
