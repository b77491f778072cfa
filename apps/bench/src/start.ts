// Measures the time from the command to the line “ready”, and the memory of the idle process: the server from its sources and compiled
// ahead, a bare Node, and a bare `ws`. The rounds alternate, so that a busy minute of the machine affects all of them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { buildServer } from '@tablecast/server/build'
import { temporaryFolder } from '@tablecast/testing'
import { Players } from './product/players-process.ts'
import { Product } from './product/product.ts'
import { atMost, type Section } from './section.ts'
import { median, table } from './statistics.ts'

const ROUNDS = 7
const IDLE_MS = 2_000
const CLIENTS = 2_000
const USERS = 200
/** For a machine of 512 MB. On a large machine V8 collects garbage late, and the measurement would include that garbage. */
const HEAP_MB = 256

const sources = fileURLToPath(import.meta.resolve('@tablecast/server/main'))
const built = new URL('../../server/dist/', import.meta.url)
const compiled = fileURLToPath(new URL('start.js', built))
const bare = fileURLToPath(new URL('bare-server.mjs', import.meta.url))
const noteLoaded = import.meta.resolve('@tablecast/server/testing/note-loaded')

/** `cache`: the folder of compiled code. A `cold` start has a new one. */
type Kind = { name: string; args: readonly string[]; cache: 'none' | 'cold' | 'warm' }
type Start = { readyMs: number; cpuMs: number; residentMb: number }

const kinds: readonly Kind[] = [
  { name: 'bare Node, an HTTP server', args: [bare], cache: 'none' },
  { name: 'bare `ws`', args: [bare, 'ws'], cache: 'none' },
  { name: 'Tablecast from its sources', args: [sources], cache: 'none' },
  { name: 'Tablecast compiled ahead, first start', args: [compiled], cache: 'cold' },
  { name: 'Tablecast compiled ahead, later starts', args: [compiled], cache: 'warm' },
]

export async function start(): Promise<Section> {
  await buildServer(fileURLToPath(built))
  await using folder = await temporaryFolder()
  const starts = new Map(kinds.map((kind) => [kind, [] as Start[]]))
  // The first round fills the caches of the disk and of compiled code, and does not count.
  for (let round = 0; round <= ROUNDS; round++)
    for (const [kind, measured] of starts) {
      const cache =
        kind.cache === 'none'
          ? {}
          : { NODE_COMPILE_CACHE: join(folder.path, `${kind.cache}-${kind.cache === 'cold' ? round : 0}`) }
      const one = await startOnce(kind.args, { DATA_DIR: join(folder.path, 'data'), ...cache })
      if (round > 0) measured.push(one)
    }
  const rows = await Promise.all(
    [...starts].map(async ([{ name, args }, measured]) => {
      const of = (key: keyof Start) => median(measured.map((one) => one[key]))
      return {
        name,
        ready: of('readyMs'),
        cpu: of('cpuMs'),
        resident: of('residentMb'),
        modules: await modulesOf(args),
      }
    }),
  )
  const club = await withClients()
  const [first, later] = rows.slice(-2)
  return {
    title: 'Start, and an idle server',
    text: `Defaults, with a database that exists. Ready is the time from the command to the line that says so, CPU is that of the process until then, on all its threads; the medians of ${ROUNDS} starts each, in turns. Resident is after ${IDLE_MS / 1_000} s without a client. Modules are those that were loaded, Node's own included.\n\n${table(
      [
        ['server', 'ready, ms', 'CPU, ms', 'resident, MB', 'modules'],
        ...rows.map(({ name, ready, cpu, resident, modules }) => [
          name,
          ready.toFixed(0),
          cpu.toFixed(0),
          resident.toFixed(0),
          String(modules),
        ]),
      ],
    )}\n\nWith ${CLIENTS.toLocaleString('en')} clients of one room over tRPC, compiled ahead, with a heap of at most ${HEAP_MB} MB (\`--max-old-space-size\`): ${club.residentMb.toFixed(0)} MB resident after garbage collection, ${club.peakMb.toFixed(0)} MB at most, while they came.`,
    targets: [
      atMost('Start to ready, first start', 0.8, (first?.ready ?? 0) / 1_000, 's'),
      atMost('Start to ready, later starts', 0.5, (later?.ready ?? 0) / 1_000, 's'),
      atMost('Idle server, resident', 130, later?.resident ?? 0, 'MB'),
      atMost(`${CLIENTS.toLocaleString('en')} clients, resident at most`, 512, club.peakMb, 'MB'),
    ],
  }
}

async function startOnce(args: readonly string[], environment: Record<string, string>): Promise<Start> {
  const began = performance.now()
  const child = run(args, environment)
  const exited = once(child, 'exit')
  try {
    for await (const part of child.stdout) if (String(part).includes('ready at')) break
    const readyMs = performance.now() - began
    if (child.pid === undefined) throw new Error('a server did not start')
    const cpuMs = await cpuOf(child.pid)
    await pause(IDLE_MS)
    return { readyMs, cpuMs, residentMb: await residentOf(child.pid) }
  } finally {
    child.kill('SIGTERM')
    await exited
  }
}

/** A separate start, because the counting hooks cost time and memory. */
async function modulesOf(args: readonly string[]): Promise<number> {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'loaded')
  await startOnce(['--import', noteLoaded, ...args], { DATA_DIR: folder.path, NOTE_LOADED: file })
  return (await readFile(file, 'utf8')).split('\n').length
}

const run = (args: readonly string[], environment: Record<string, string>) =>
  spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'silent', DRAIN_SECONDS: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })

/** From Linux, in ticks of 10 ms. */
async function cpuOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

async function residentOf(pid: number): Promise<number> {
  return Number(/^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024
}

async function withClients(): Promise<{ residentMb: number; peakMb: number }> {
  await using product = await Product.start(
    { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` },
    { main: new URL('start.js', built) },
  )
  await using players = new Players()
  const tokens = await product.players(USERS)
  const { failed } = await players.come({
    port: product.port,
    transport: 'trpc',
    tokens,
    each: CLIENTS / USERS,
    cursor: null,
    liveWith: '"campaign_active"',
    atOnce: 100,
  })
  if (failed > 0) throw new Error(`${failed} of ${CLIENTS} clients did not come in`)
  const { resident, peak } = await product.memory()
  return { residentMb: resident / 2 ** 20, peakMb: peak / 2 ** 20 }
}
