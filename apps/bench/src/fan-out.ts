// One event to many subscribers: deliveries per second of one server process, against the peers, in interleaved rounds.
// Subscribers are raw TCP sockets in another process that only count bytes, so that the server is what is measured.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { median, table } from './statistics.ts'

export const peers = ['tablecast', 'arena', 'topics', 'signals', 'ready-frame', 'ws', 'trpc', 'socket.io'] as const
export type Peer = (typeof peers)[number]

/** What is measured, by stage: a campaign's players over tRPC, all others on their plain sockets. */
export const stages = ['campaign', 'arena', 'topics', 'signals'] as const
export type Stage = (typeof stages)[number]

type Shape = { bytes: number; burst: number; subscribers: number }
const usual: readonly Shape[] = [
  { bytes: 250, burst: 1, subscribers: 1_000 },
  { bytes: 2_000, burst: 1, subscribers: 1_000 },
  { bytes: 250, burst: 20, subscribers: 1_000 },
]
const plainPeers: readonly Peer[] = ['ready-frame', 'ws', 'socket.io']

const measured: Record<Stage, { own: Peer; others: readonly Peer[]; shapes: readonly Shape[] }> = {
  campaign: { own: 'tablecast', others: ['ready-frame', 'ws', 'trpc', 'socket.io'], shapes: usual },
  arena: { own: 'arena', others: plainPeers, shapes: usual },
  topics: { own: 'topics', others: plainPeers, shapes: usual },
  signals: { own: 'signals', others: plainPeers, shapes: [{ bytes: 16_000, burst: 1, subscribers: 2_000 }] },
}

const ROUNDS = 5
const ROUND_MS = 800

const names: Record<Peer, string> = {
  tablecast: 'Tablecast over tRPC',
  arena: 'Tablecast, arena socket',
  topics: 'Tablecast, topic socket',
  signals: 'Tablecast, signal socket',
  'ready-frame': '`ws`, one ready-made frame',
  ws: '`ws`, one string',
  trpc: 'stock tRPC',
  'socket.io': 'Socket.IO',
}

type Running = { server: ChildProcess; clients: ChildProcess }

export async function fanOut(stage: Stage): Promise<void> {
  const { own, others, shapes } = measured[stage]
  const wanted = [own, ...others]
  for (const shape of shapes) {
    const running = new Map<Peer, Running>()
    try {
      for (const peer of wanted) running.set(peer, await start(peer, shape))
      const rates = new Map<Peer, number[]>(wanted.map((peer) => [peer, []]))
      for (let round = 0; round <= ROUNDS; round++)
        for (const [peer, { server }] of running) {
          const rate = await measure(server, shape)
          // The first round warms up.
          if (round > 0) rates.get(peer)?.push(rate)
        }
      report(stage, shape, rates)
    } finally {
      for (const { server, clients } of running.values()) {
        server.kill('SIGKILL')
        clients.kill('SIGKILL')
      }
    }
  }
}

async function start(peer: Peer, { bytes, subscribers }: Shape): Promise<Running> {
  const script = (name: string) => fileURLToPath(new URL(name, import.meta.url))
  const server = fork(script('fan-out-server.ts'), [peer, String(bytes)])
  const [{ port }] = (await once(server, 'message')) as [{ port: number }]
  const clients = fork(script('fan-out-clients.ts'), [peer, String(port), String(subscribers)])
  await once(clients, 'message')
  return { server, clients }
}

/** Deliveries per second: events handed to the kernel for every subscriber, as fast as the sockets take them. */
async function measure(server: ChildProcess, { burst, subscribers }: Shape): Promise<number> {
  const answered = once(server, 'message') as Promise<[{ events: number; ms: number }]>
  server.send({ ms: ROUND_MS, burst })
  const [{ events, ms }] = await answered
  return (events * subscribers * 1_000) / ms
}

function report(stage: Stage, { bytes, burst, subscribers }: Shape, rates: ReadonlyMap<Peer, number[]>): void {
  const { own: ownName } = measured[stage]
  const own = rates.get(ownName) ?? []
  const rows = [...rates].map(([peer, values]) => {
    // Ratios of neighbouring rounds: what else the machine did then, it did to both.
    const ratios = values.map((rate, round) => (own[round] ?? 0) / rate)
    return [
      names[peer],
      Math.round(median(values)).toLocaleString('en'),
      peer === ownName ? '' : `${median(ratios).toFixed(2)} ×`,
    ]
  })
  const title = `${stage}: ${subscribers.toLocaleString('en')} subscribers, ${bytes} B${burst > 1 ? `, ${burst} events in a tick` : ''}, median of ${ROUNDS} rounds`
  process.stdout.write(`\n${title}\n\n${table([['server', 'deliveries/s', 'Tablecast is'], ...rows])}\n`)
}
