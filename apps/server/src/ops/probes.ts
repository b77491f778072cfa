// How each thing that a node needs is asked whether it is there. None of them is changed by it.
import type { Bus, PubSub } from '@tablecast/bus'
import type { Store } from '@tablecast/store'
import { isAlone } from '../cluster/is-alone.ts'
import type { Probe } from './dependencies.ts'

const NEAR_MS = 2_000
/** Of a service of somebody else, which may count requests. */
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
    isTimed: !isAlone(channels),
    everyMs: NEAR_MS,
    watch: (listener) => channels.watch(listener),
  }
}

/** Of a service that answers over HTTP. `allowed`: statuses that count as an answer too. */
export const httpProbe = ({ name, detail, url, headers = {}, allowed = [] }: HttpProbeOptions): Probe => ({
  name,
  detail,
  async ping(signal) {
    const response = await fetch(url, { signal, headers })
    await response.body?.cancel()
    if (!response.ok && !allowed.includes(response.status)) throw new Error(`it answered ${response.status}`)
  },
  isTimed: true,
  everyMs: FAR_MS,
})

export type HttpProbeOptions = {
  name: string
  detail: string
  url: string
  headers?: Record<string, string>
  allowed?: readonly number[]
}
