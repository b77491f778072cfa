// Measures the memory of an idle subscriber: of the whole server over tRPC and over its plain socket, and of the peers.
import { ask, answer, end } from './child.ts'
import { forkOn, keepToCore, CLIENT_CORE, SERVER_CORE } from './cores.ts'
import { serverNames, type NodeServer } from './fan-out/peers.ts'
import { subscribers } from './fan-out/subscribers.ts'
import type { Memory } from './probe.ts'
import { Players } from './product/players-process.ts'
import { Product } from './product/product.ts'
import { atMost, type Section } from './section.ts'
import { table } from './statistics.ts'

const SUBSCRIBERS = 5_000
/** Not counted. With the first subscribers memory also grows for compiled code and for caches. */
const FIRST = 500
const USERS = 500

/** Bytes for each subscriber. */
type Each = Pick<Memory, 'resident' | 'inUse'>

const each = (before: Memory, after: Memory): Each => ({
  resident: (after.resident - before.resident) / (SUBSCRIBERS - FIRST),
  inUse: (after.inUse - before.inUse) / (SUBSCRIBERS - FIRST),
})

export async function memory(): Promise<Section> {
  using _pinned = keepToCore(CLIENT_CORE)
  const bare = await ofPeer('ws')
  const rows: [string, Each][] = [
    ['Tablecast, campaign over tRPC', await ofProduct('trpc')],
    ['Tablecast, campaign on a plain socket', await ofProduct('plain')],
    [serverNames.ws, bare],
    [serverNames['socket.io'], await ofPeer('socket.io')],
    [serverNames.trpc, await ofPeer('trpc')],
  ]
  const kB = (bytes: number) => (bytes / 1_000).toFixed(1)
  const times = (value: number, of: number) => `${(value / of).toFixed(2)} ×`
  return {
    title: 'Memory of an idle subscriber',
    text: `Between ${FIRST.toLocaleString('en')} and ${SUBSCRIBERS.toLocaleString('en')} subscribers, after garbage collection; Tablecast is the whole server, its subscribers ${USERS} members of one room. Resident is what the operating system gave the process; in use is the same less what V8's heap keeps free for later, and what the target is about.\n\n${table(
      [
        ['server', 'in use, kB', 'of a bare `ws`', 'resident, kB', 'of a bare `ws`'],
        ...rows.map(([name, { resident, inUse }]) => [
          name,
          kB(inUse),
          times(inUse, bare.inUse),
          kB(resident),
          times(resident, bare.resident),
        ]),
      ],
    )}`,
    targets: rows
      .slice(0, 2)
      .map(([name, { inUse }]) =>
        atMost(
          `Idle subscriber's memory, ${name.replace('Tablecast, ', '')}, of a bare \`ws\``,
          1.5,
          inUse / bare.inUse,
        ),
      ),
  }
}

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
    }
    const { failed } = await players.come(order)
    if (failed > 0) throw new Error(`${failed} of ${sockets} players did not come in`)
  }
  await come(FIRST)
  const before = await product.memory()
  await come(SUBSCRIBERS - FIRST)
  return each(before, await product.memory())
}
