// The market under load: a simulator on a real Redis, the whole server, and a thousand clients, all in separate processes. First a
// busy half-minute, then the cost of a delivery beside a minimal relay with Socket.IO, in interleaved rounds.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { RedisPubSub } from '@tablecast/bus/redis'
import { MarketWorld, immediatePublishersOn, sampleMarket, startSimulator } from '@tablecast/market-sim'
import { startRedis, temporaryFolder } from '@tablecast/testing'
import type { Section } from './section.ts'
import { median, table } from './statistics.ts'

const RATE = 500
const CLIENTS = 500
const PAIR_RATE = 100
const PAIR_ROUNDS = 5
const PAIR_MS = 4_000

type Cost = { cpuMs: number; rssMb: number }
type Counts = { counts: ['socket.io' | 'trpc', number][] }

export async function market(seconds = 30): Promise<Section> {
  const text = `${await busy(seconds)}\n\n${await beside()}`
  return { title: 'The market', text, targets: [] }
}

/** Checks that every message reaches every client, and that no queue grows. */
async function busy(seconds: number): Promise<string> {
  await using place = await open('tablecast', CLIENTS, CLIENTS)
  const before = await place.counts()
  const memory: number[] = []
  const begin = await place.cost()
  const at = performance.now()
  const published = await place.publish(RATE, seconds * 1_000, async () => {
    memory.push((await place.cost()).rssMb)
  })
  await place.settled(before, published)
  const end = await place.cost()
  const elapsedMs = performance.now() - at
  const after = await place.counts()
  const row = (kind: 'socket.io' | 'trpc') => {
    const got = after.flatMap(([name, count], client) => (name === kind ? [count - (before[client]?.[1] ?? 0)] : []))
    const lost = got.reduce((sum, count) => sum + Math.max(0, published - count), 0)
    const extra = got.reduce((sum, count) => sum + Math.max(0, count - published), 0)
    const name = kind === 'trpc' ? 'tRPC' : 'Socket.IO'
    return [
      name,
      String(got.length),
      published.toLocaleString('en'),
      String(Math.min(...got)),
      String(lost),
      String(extra),
    ]
  }
  const half = Math.floor(memory.length / 2)
  return `${RATE} messages/s for ${seconds} s to ${CLIENTS} Socket.IO and ${CLIENTS} tRPC clients, through Redis.\n\n${table(
    [['clients', 'number', 'published', 'fewest delivered', 'lost', 'repeated'], row('socket.io'), row('trpc')],
  )}\n\nServer: ${Math.round(((end.cpuMs - begin.cpuMs) / elapsedMs) * 100)} % of one core; memory ${median(memory.slice(0, half)).toFixed(0)} MB in the first half, ${median(memory.slice(half)).toFixed(0)} MB in the second.`
}

/** The CPU time of the server process for one delivery, at a rate that both can keep. Each has its own Redis, and rests meanwhile. */
async function beside(): Promise<string> {
  await using own = await open('tablecast', CLIENTS, 0)
  await using bare = await open('bare', CLIENTS, 0)
  const costs = { tablecast: [] as number[], bare: [] as number[] }
  const measure = async (place: typeof own) => {
    const counted = await place.counts()
    const from = await place.cost()
    const published = await place.publish(PAIR_RATE, PAIR_MS)
    await place.settled(counted, published)
    const { cpuMs } = await place.cost()
    return ((cpuMs - from.cpuMs) * 1_000) / (published * CLIENTS)
  }
  for (let round = 0; round <= PAIR_ROUNDS; round++) {
    const mine = await measure(own)
    const theirs = await measure(bare)
    // The first round warms up.
    if (round === 0) continue
    costs.tablecast.push(mine)
    costs.bare.push(theirs)
  }
  const ratios = costs.bare.map((cost, round) => cost / (costs.tablecast[round] ?? Infinity))
  return `${PAIR_RATE} messages/s to ${CLIENTS} Socket.IO clients, median of ${PAIR_ROUNDS} rounds.\n\n${table([
    ['server', 'CPU µs a delivery', 'Tablecast is'],
    ['Tablecast, whole', median(costs.tablecast).toFixed(2), ''],
    ['Socket.IO, bare relay', median(costs.bare).toFixed(2), `${median(ratios).toFixed(2)} × cheaper`],
  ])}`
}

/** A server, its Redis and its clients. */
async function open(kind: 'tablecast' | 'bare', socketIo: number, trpc: number) {
  await using opened = new AsyncDisposableStack()
  const redis = opened.use(await startRedis())
  const folder = opened.use(await temporaryFolder())
  const channels = opened.use(new RedisPubSub({ url: redis.url, name: 'bench' }))
  const start = (name: string, ...args: string[]) => {
    const child = fork(fileURLToPath(new URL(name, import.meta.url)), args)
    child.on('exit', (code) => {
      if (code) throw new Error(`${name} ended with ${code}`)
    })
    opened.defer(() => void child.kill('SIGKILL'))
    return child
  }
  const ask = async <T>(child: ChildProcess) => {
    const answered = once(child, 'message') as Promise<[T]>
    child.send('?')
    return (await answered)[0]
  }
  const server = start('market-server.ts', kind, redis.url, folder.path)
  const [{ port }] = (await once(server, 'message')) as [{ port: number }]
  const clients = start('market-clients.ts', String(port), String(socketIo), String(trpc))
  await once(clients, 'message')
  const counts = async () => (await ask<Counts>(clients)).counts
  const owned = opened.move()
  return {
    counts,
    cost: () => ask<Cost>(server),
    /** Answers with the number of messages. */
    async publish(rate: number, ms: number, everySecond = () => Promise.resolve()): Promise<number> {
      let count = 0
      const world = new MarketWorld({ market: sampleMarket, seed: 1, startAt: Date.now() })
      const all = immediatePublishersOn(channels)
      const counting = Object.fromEntries(
        Object.entries(all).map(([name, publish]) => [
          name,
          (update: never) => {
            publish(update)
            count += 1
          },
        ]),
      ) as typeof all
      const simulator = startSimulator({
        world,
        publishers: counting,
        rate,
        failed: (error) => process.stderr.write(`${String(error)}\n`),
      })
      for (const end = performance.now() + ms; performance.now() < end; await pause(1_000)) await everySecond()
      simulator[Symbol.dispose]()
      await channels.flush()
      return count
    },
    /** Waits until all messages have arrived, or none arrives any more. */
    async settled(before: Counts['counts'], published: number): Promise<void> {
      let last = -1
      for (;;) {
        const now = await counts()
        const got = now.map(([, count], client) => count - (before[client]?.[1] ?? 0))
        const sum = got.reduce((all, count) => all + count, 0)
        if (got.every((count) => count >= published) || sum === last) return
        last = sum
        await pause(500)
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
