import type { Dependencies as Answer, OpsFrame } from '@tablecast/contracts'
import { type Procedures, router } from '../trpc.ts'
import { ChannelStream, type StreamScope } from '../transport/stream.ts'
import type { Dependencies } from './dependencies.ts'
import type { Health } from './health.ts'
import type { NodeReports } from './node-reports.ts'

export type OpsRouterParts = { health: Health; nodeReports: NodeReports; dependencies: Dependencies }

/** Operators see names and numbers: of nodes, rooms and clients. Nothing that is said or kept in a campaign comes here. */
export function opsRouter({ open, operator }: Procedures, { health, nodeReports, dependencies }: OpsRouterParts) {
  return router({
    health: open.query(() => health.report()),

    /** What this node needs, and whether it can be reached from here. */
    dependencies: operator.query((): Promise<Answer> => dependencies.look()),

    /** The newest frame, for those whom nothing live reaches. */
    now: operator.query((): Promise<OpsFrame> => nodeReports.glance()),

    /** All nodes as they stand, every two seconds; who is slow gets the newest. */
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
