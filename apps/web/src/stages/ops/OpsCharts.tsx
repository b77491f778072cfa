import type { ReactNode } from 'react'
import { CHARTS_BY } from '../../ui/chart-looks.ts'
import { type Line, LiveChart } from './LiveChart.tsx'
import type { Moment } from './measures.ts'
import { bytes, count, duration } from './units.ts'

const connectionLines: readonly Line[] = [
  { name: 'tRPC', of: ({ trpc }) => trpc },
  { name: 'SSE', of: ({ sse }) => sse },
  { name: 'plain', of: ({ plain }) => plain },
  { name: 'Socket.IO', of: ({ socketio }) => socketio },
]

const eventLines: readonly Line[] = [
  { name: 'deliveries', of: ({ deliveries }) => deliveries },
  { name: 'events', of: ({ events }) => events },
]

const byteLines: readonly Line[] = [{ name: 'sent', of: ({ bytes: sent }) => sent }]

const deliveryLines: readonly Line[] = [
  { name: 'p99', of: ({ deliveryP99 }) => deliveryP99 },
  { name: 'p50', of: ({ deliveryP50 }) => deliveryP50 },
]

const fanOutLines: readonly Line[] = [{ name: 'p99', of: ({ fanOutP99 }) => fanOutP99 }]

const lagLines: readonly Line[] = [
  { name: 'most events behind', of: ({ lag }) => lag },
  { name: 'subscribers behind', of: ({ behind }) => behind },
]

const recoveryLines: readonly Line[] = [
  { name: 'reconnects', of: ({ reconnects }) => reconnects },
  { name: 'snapshots', of: ({ snapshots }) => snapshots },
  { name: 'dropped', of: ({ dropped }) => dropped },
]

const errorLines: readonly Line[] = [{ name: 'errors', of: ({ errors }) => errors }]

type Props = { moments: readonly Moment[]; children: ReactNode }

export function OpsCharts({ moments, children }: Props) {
  return (
    <section aria-label="The last five minutes">
      <div className="mb-2 flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h2 className="text-lg font-semibold">The last five minutes</h2>
        {children}
      </div>
      <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">
        <LiveChart title="Connections" lines={connectionLines} moments={moments} format={count} />
        <LiveChart title="Events and deliveries per second" lines={eventLines} moments={moments} format={count} />
        <LiveChart title="Sent per second" lines={byteLines} moments={moments} format={bytes} />
        <LiveChart title="From commit to socket" lines={deliveryLines} moments={moments} format={duration} />
        <LiveChart title="Fan-out of one flush" lines={fanOutLines} moments={moments} format={duration} />
        <LiveChart title="Not handed out yet" lines={lagLines} moments={moments} format={count} />
        <LiveChart title="Recovery per second" lines={recoveryLines} moments={moments} format={count} />
        <LiveChart title="Errors per second" lines={errorLines} moments={moments} format={count} />
      </div>
      <p className="text-soft mt-1 text-right text-xs">
        <a className="inline-block py-1 underline" href={CHARTS_BY.href} target="_blank" rel="noreferrer">
          {CHARTS_BY.text}
        </a>
      </p>
    </section>
  )
}
