import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { messageOf } from '../../api.ts'
import { queries } from '../../queries.tsx'
import { StaleNotice } from '../../live/StaleNotice.tsx'
import { alarmsOf } from './alarms.ts'
import { MAX_FRAMES, measuresOf } from './measures.ts'
import { useOps } from './ops-connection.ts'
import { evenly, pastFrames } from './past-frames.ts'
import { DependenciesTable } from './DependenciesTable.tsx'
import { ErrorsTable } from './ErrorsTable.tsx'
import { NodesTable } from './NodesTable.tsx'
import { PicturesTable } from './PicturesTable.tsx'
import { RoomsTable } from './RoomsTable.tsx'
import { SlowClientsTable } from './SlowClientsTable.tsx'
import { OpsCharts } from './OpsCharts.tsx'
import { NodeChoice } from './NodeChoice.tsx'
import { Alarms } from './Alarms.tsx'

const REFRESH_INTERVAL_MS = 5_000

export function OpsBoard() {
  const { link, history, past } = useOps()
  const [chosen, setChosen] = useState<string | null>(null)
  const asked = useQuery({ ...queries.ops.dependencies.queryOptions(), refetchInterval: REFRESH_INTERVAL_MS })
  const frame = history.at(-1)
  if (!frame) return null
  const only = frame.nodes.some(({ nodeId }) => nodeId === chosen) ? chosen : null
  const measures = measuresOf([...pastFrames(past, history, only), ...history], only)
  const moments = evenly(measures.moments).slice(-MAX_FRAMES)
  return (
    <div className="flex flex-col gap-4">
      <StaleNotice link={link} />
      <Alarms alarms={alarmsOf(frame, asked.data)} isLive={link.kind === 'live'} now={frame.at} />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <NodesTable
            nodes={frame.nodes}
            cpu={only === null ? measures.cpu : measuresOf(history, null).cpu}
            here={frame.nodeId}
            now={frame.at}
          />
          <RoomsTable rooms={frame.rooms} />
          <PicturesTable nodes={frame.nodes} />
        </div>
        <DependenciesTable
          node={asked.data?.node ?? null}
          dependencies={asked.data?.dependencies ?? []}
          now={frame.at}
          problem={asked.error ? messageOf(asked.error) : null}
        />
      </div>
      <OpsCharts moments={moments}>
        {frame.nodes.length > 1 && (
          <NodeChoice
            nodes={frame.nodes.map(({ nodeId, name }) => [nodeId, `${name} (${nodeId})`])}
            chosen={only}
            onChoose={setChosen}
          />
        )}
      </OpsCharts>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <SlowClientsTable slow={frame.slow} rooms={frame.rooms} now={frame.at} />
        <ErrorsTable errors={measures.errors} />
      </div>
    </div>
  )
}
