// How each thing that a node needs is asked whether it is there. None of them is changed by it.
import type { Bus, PubSub } from '@tablecast/bus'
import type { FeedStatus } from '@tablecast/contracts'
import type { Store } from '@tablecast/store'
import { originOf } from '../auth/auth0.ts'
import type { Probe } from './dependencies.ts'

const NEAR_MS = 2_000
/** Somebody else's, and they may count how often they are asked. */
const FAR_MS = 30_000

export const databaseProbe = (store: Pick<Store, 'kind' | 'ping'>): Probe => ({
  name: 'Database',
  detail: store.kind === 'sqlite' ? 'SQLite, a file of this node' : 'PostgreSQL',
  ping: () => store.ping(),
  isTimed: true,
  everyMs: NEAR_MS,
})

/** The bus between the nodes, or the channels of the market. */
export function channelsProbe(name: string, channels: Bus | PubSub): Probe {
  const { kind, url } = channels
  const place = { memory: 'in this process', nats: `NATS, ${url}`, redis: `Redis, ${url}` }
  return {
    name,
    detail: place[kind],
    ping: () => channels.flush(),
    isTimed: kind !== 'memory',
    everyMs: NEAR_MS,
    watch: (listener) => channels.watch(listener),
  }
}

/** `status`: of the feed as it is when asked. */
export const feedProbe = (
  { name, stream, subject }: { name: string; stream: string; subject: string },
  status: () => FeedStatus | undefined,
): Probe => ({
  name: `Feed ${name}`,
  detail: `stream ${stream}, subject ${subject}`,
  async ping() {
    const { isRunning, problem, isDown } = status() ?? { isRunning: false, problem: null, isDown: false }
    if (isRunning) return
    if (problem && !isDown) return { absent: problem }
    throw new Error(problem ?? 'nothing is read: the bus is away, or has just come back')
  },
  isTimed: false,
  everyMs: 0,
})

/** Its keys are what tokens are checked with. */
export const accountsProbe = ({ domain }: { domain: string }): Probe => ({
  name: 'Accounts',
  detail: originOf(domain),
  ping: (signal) => mustAnswer(`${originOf(domain)}/.well-known/jwks.json`, { signal }),
  isTimed: true,
  everyMs: FAR_MS,
})

/** The list of models costs nothing; whoever has none answers 404, and is there. */
export const modelProbe = (
  { baseUrl, model }: { baseUrl: string; model: string },
  apiKey: string | undefined,
): Probe => ({
  name: 'Language model',
  detail: `${model} at ${new URL(baseUrl).origin}`,
  ping: (signal) => {
    const headers: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
    return mustAnswer(`${baseUrl.replace(/\/$/, '')}/models`, { signal, headers }, [404, 405])
  },
  isTimed: true,
  everyMs: FAR_MS,
})

async function mustAnswer(url: string, init: RequestInit, allowed: readonly number[] = []): Promise<void> {
  const response = await fetch(url, init)
  await response.body?.cancel()
  if (!response.ok && !allowed.includes(response.status)) throw new Error(`it answered ${response.status}`)
}
