import type { Dependencies as Answer, NodeSample, OpsFrame } from '@tablecast/contracts'
import { type Procedures, router } from '../trpc.ts'
import { ChannelStream, type StreamScope } from '../transport/stream.ts'
import type { Dependencies } from './dependencies.ts'
import type { Health } from './health.ts'
import type { NodeReports } from './node-reports.ts'
import type { SampleHistory } from './sample-history.ts'

export type OpsRouterDeps = {
  health: Health
  nodeReports: NodeReports
  history: SampleHistory
  dependencies: Dependencies
}

/** Operators see names and numbers of nodes, rooms and clients. They see no text of a campaign. */
export function opsRouter(
  { open, operator }: Procedures,
  { health, nodeReports, history, dependencies }: OpsRouterDeps,
) {
  return router({
    health: open.query(() => health.report()),

    /** The services that this node depends on, and whether it can reach them. */
    dependencies: operator.query((): Promise<Answer> => dependencies.look()),

    /** The newest frame, for a page without live updates. */
    now: operator.query((): Promise<OpsFrame> => nodeReports.glance()),

    /** This node’s samples of the last five minutes, one in ten seconds, oldest first. */
    history: operator.query((): NodeSample[] => history.samples),

    /** The state of all nodes every two seconds. A slow client skips to the newest frame. */
    watch: operator.subscription(({ ctx: { limits, session }, signal }) => {
      const open = (stream: StreamScope) => {
        stream.hold(limits.subscribe())
        stream.hold(nodeReports.watch())
        const { channel, start } = nodeReports
        return { channel, after: start, isTracked: true, maxBufferedBytes: 0 }
      }
      return new ChannelStream<OpsFrame>({ open, session, signal })
    }),
  })
}
