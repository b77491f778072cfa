// Measures the memory of an idle subscriber: of the whole server over tRPC and over its plain socket, and of the peers.
import { ask, answer, end } from './child.ts'
import { forkOn, keepToCore, CLIENT_CORE, SERVER_CORE } from './cores.ts'
import { serverNames, type NodeServer } from './fan-out/peers.ts'
import { subscribers } from './fan-out/subscribers.ts'
import type { Memory } from './probe.ts'
import { Players } from './product/players-process.ts'
import { Product } from './product/product.ts'
import { atMost, type Section } from './section.ts'
import { median, table } from './statistics.ts'

const ROUNDS = 3
const SUBSCRIBERS = 7_000
/** Not counted. With the first subscribers memory also grows for compiled code and for caches, and the heap reaches its usual size. */
const FIRST = 1_000
const USERS = 500
/** Short enough that the server drops nobody, and long enough that most are idle. */
const ALIVE_MS = 15_000
/** The limit of the two targets, of a bare `ws`. */
const MOST = 1.5

/** Bytes for each subscriber. */
type Each = Pick<Memory, 'resident' | 'heap'>

const servers: readonly { name: string; measure(): Promise<Each> }[] = [
  { name: 'Tablecast, campaign over tRPC', measure: () => ofProduct('trpc') },
  { name: 'Tablecast, campaign on a plain socket', measure: () => ofProduct('plain') },
  { name: serverNames.ws, measure: () => ofPeer('ws') },
  { name: serverNames['socket.io'], measure: () => ofPeer('socket.io') },
  { name: serverNames.trpc, measure: () => ofPeer('trpc') },
]

export async function memory(): Promise<Section> {
  using _pinned = keepToCore(CLIENT_CORE)
  const rows = servers.map(({ name, measure }) => ({ name, measure, measured: [] as Each[] }))
  for (let round = 0; round < ROUNDS; round++) for (const { measure, measured } of rows) measured.push(await measure())
  const of = ({ measured }: { measured: readonly Each[] }, key: keyof Each) => measured.map((each) => each[key])
  const bare = rows.find(({ name }) => name === serverNames.ws) ?? { measured: [] }
  const times = (row: { measured: readonly Each[] }, key: keyof Each) => median(of(row, key)) / median(of(bare, key))
  return {
    title: 'Memory of an idle subscriber',
    text: `Between ${FIRST.toLocaleString('en')} and ${SUBSCRIBERS.toLocaleString('en')} subscribers of a new process, after garbage collection; Tablecast is the whole server, its subscribers ${USERS} members of one room. Heap is the living objects and buffers of the process, resident what the operating system gave it. Medians of ${ROUNDS} rounds, and the least and the most.\n\n${table(
      [
        ['server', 'heap, kB', 'of a bare `ws`', 'resident, kB', 'of a bare `ws`'],
        ...rows.map((row) => [
          row.name,
          spread(of(row, 'heap')),
          `${times(row, 'heap').toFixed(2)} ×`,
          spread(of(row, 'resident')),
          `${times(row, 'resident').toFixed(2)} ×`,
        ]),
      ],
    )}`,
    targets: rows.slice(0, 2).flatMap((row) => {
      const what = row.name.replace('Tablecast, ', '')
      return [
        atMost(`Idle subscriber's heap, ${what}, of a bare \`ws\``, MOST, times(row, 'heap')),
        atMost(`Idle subscriber's resident memory, ${what}, of a bare \`ws\``, MOST, times(row, 'resident')),
      ]
    }),
  }
}

function spread(bytes: readonly number[]): string {
  const kB = (value: number) => (value / 1_000).toFixed(1)
  return `${kB(median(bytes))} (${kB(Math.min(...bytes))}–${kB(Math.max(...bytes))})`
}

const each = (before: Memory, after: Memory): Each => ({
  resident: (after.resident - before.resident) / (SUBSCRIBERS - FIRST),
  heap: (after.heap - before.heap) / (SUBSCRIBERS - FIRST),
})

async function ofPeer(peer: NodeServer): Promise<Each> {
  await using opened = new AsyncDisposableStack()
  const execArgv = ['--expose-gc', '--import', new URL('probe.ts', import.meta.url).href]
  const child = forkOn(SERVER_CORE, new URL('fan-out/server.ts', import.meta.url), [peer, '250'], { execArgv })
  opened.defer(() => end(child))
  const { port } = await answer<{ port: number }>(child)
  opened.use(await subscribers(peer, port, FIRST))
  const before = await ask<Memory>(child, 'memory?')
  opened.use(await subscribers(peer, port, SUBSCRIBERS - FIRST))
  return each(before, await ask<Memory>(child, 'memory?'))
}

async function ofProduct(transport: 'trpc' | 'plain'): Promise<Each> {
  await using product = await Product.start()
  await using players = new Players()
  const tokens = await product.players(USERS)
  // The garbage of many sign-ins is no cost of a subscriber.
  await product.restart()
  const come = async (sockets: number) => {
    const order = {
      port: product.port,
      transport,
      tokens,
      each: sockets / USERS,
      cursor: null,
      liveWith: '"campaign_active"',
      atOnce: 100,
      aliveMs: ALIVE_MS,
    }
    const { failed } = await players.come(order)
    if (failed > 0) throw new Error(`${failed} of ${sockets} players did not come in`)
  }
  await come(FIRST)
  const before = await product.memory()
  await come(SUBSCRIBERS - FIRST)
  return each(before, await product.memory())
}
