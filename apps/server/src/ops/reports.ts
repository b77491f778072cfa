// The operators' view: all nodes, the rooms, slow clients, and whether a node reaches the services that it needs.
import type { Channel } from '@tablecast/hub'
import type { ClientNames } from '../transport/client-names.ts'
import { countSubscribers } from '../transport/stage-meter.ts'
import { Dependencies, type Probe } from './dependencies.ts'
import type { Health, StageHealth } from './health.ts'
import type { Ops } from './index.ts'
import type { Metric } from './metric.ts'
import { NodeReports } from './node-reports.ts'
import { channelsProbe, databaseProbe } from './probes.ts'
import { SampleHistory } from './sample-history.ts'
import { RoomLoads } from './room-loads.ts'
import { SlowClients } from './slow-clients.ts'
import { version } from './version.ts'

/** The part of a stage that operators see. */
type Watched = {
  channels(): Iterable<Channel>
  companions?(): Iterable<Channel>
  status(): StageHealth
  metrics: readonly Metric[]
  probes: readonly Probe[]
}

export type ReportsOptions = {
  stages: readonly Watched[]
  /** The channels of stored events. */
  stored(): Iterable<Channel>
  /** How many follow each room here. */
  followers(): Iterable<readonly [roomId: string, count: number]>
  names: ClientNames
  probes: readonly Probe[]
  /** How people know this node; where it listens is known only once it does. */
  nodeName(): string
  /** They never appear in a report. */
  secrets: readonly string[]
}

export type Reports = AsyncDisposable & {
  health: Health
  nodeReports: NodeReports
  history: SampleHistory
  dependencies: Dependencies
}

export function openReports(ops: Ops, options: ReportsOptions): Reports {
  const { nodeId, metrics, health, store, bus, channels: marketChannels, failed } = ops
  const { stages, stored, followers, names, nodeName: name } = options
  const opened = new AsyncDisposableStack()
  const counted = () => [...stored(), ...stages.flatMap((stage) => [...stage.channels()])]
  const channels = () => [...counted(), ...stages.flatMap((stage) => [...(stage.companions?.() ?? [])])]
  for (const stage of stages) metrics.add(stage.metrics)
  metrics.watch({ channels })
  health.watch({ subscribers: () => countSubscribers(counted()), stages: () => stages.map((stage) => stage.status()) })
  const roomLoads = new RoomLoads({
    followers,
    channels: stored,
    nameOf: (id) => store.read(async ({ rooms }) => (await rooms.get(id))?.name ?? null),
    failed,
  })
  const slowClients = new SlowClients({ channels, names })
  const nodeReports = opened.use(
    new NodeReports({
      bus,
      nodeId,
      name,
      version,
      measure: async () => ({
        sample: await metrics.sample(),
        rooms: roomLoads.measure(),
        slow: slowClients.measure(),
      }),
      failed,
    }),
  )
  const history = opened.use(new SampleHistory({ sample: () => metrics.sample(), failed }))
  const dependencies = opened.use(
    new Dependencies({
      node: name,
      secrets: options.secrets,
      probes: [
        databaseProbe(store),
        channelsProbe('Bus', bus),
        channelsProbe('Channels of the market', marketChannels),
        ...stages.flatMap(({ probes }) => probes),
        ...options.probes,
      ],
    }),
  )
  return { health, nodeReports, history, dependencies, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}
