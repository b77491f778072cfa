// Probes for the services that a node depends on. A probe changes nothing.
import type { Bus, PubSub } from '@tablecast/bus'
import type { Store } from '@tablecast/store'
import { isAlone } from '../cluster/is-alone.ts'
import type { Probe } from './dependencies.ts'

const OWN_SERVICE_INTERVAL_MS = 2_000
/** A foreign service may count or charge for requests. */
const FOREIGN_SERVICE_INTERVAL_MS = 30_000

export const databaseProbe = (store: Pick<Store, 'kind' | 'ping'>): Probe => ({
  name: 'Database',
  detail: store.kind === 'sqlite' ? 'SQLite, a file of this node' : 'PostgreSQL',
  ping: () => store.ping(),
  isTimed: true,
  everyMs: OWN_SERVICE_INTERVAL_MS,
})

/** The bus between the nodes, or the channels of the market. */
export function channelsProbe(name: string, channels: Bus | PubSub): Probe {
  const { kind, url } = channels
  const details = { memory: 'in this process', nats: `NATS, ${url}`, redis: `Redis, ${url}` }
  return {
    name,
    detail: details[kind],
    ping: () => channels.flush(),
    isTimed: !isAlone(channels),
    everyMs: OWN_SERVICE_INTERVAL_MS,
    watch: (listener) => channels.watch(listener),
  }
}

/** Probes a service over HTTP. Statuses in `allowed` count as an answer although they are errors. */
export const httpProbe = ({ name, detail, url, headers = {}, allowed = [] }: HttpProbeOptions): Probe => ({
  name,
  detail,
  async ping(signal) {
    const response = await fetch(url, { signal, headers })
    await response.body?.cancel()
    if (!response.ok && !allowed.includes(response.status)) throw new Error(`it answered ${response.status}`)
  },
  isTimed: true,
  everyMs: FOREIGN_SERVICE_INTERVAL_MS,
})

export type HttpProbeOptions = {
  name: string
  detail: string
  url: string
  headers?: Record<string, string>
  allowed?: readonly number[]
}
