import { CircleCheck, TriangleAlert } from 'lucide-react'
import type { Alarm } from './alarms.ts'
import { span } from './units.ts'

/** The faults that need an operator. Screen readers announce them when they change, and only then. */
export function Alarms({ alarms, isLive, now }: { alarms: readonly Alarm[]; isLive: boolean; now: number }) {
  return (
    <>
      <div role="status" className="sr-only">
        {alarms.length > 0 ? alarms.map(({ text }) => text).join('. ') : isLive ? 'All is well' : ''}
      </div>
      {alarms.length > 0 ? (
        <ul aria-label="Alarms" className="panel !border-bad flex flex-col gap-1">
          {alarms.map(({ id, text, since }) => (
            <li key={id} className="text-bad flex gap-2 font-semibold">
              <TriangleAlert size={18} aria-hidden="true" className="mt-1 shrink-0" />
              <span>
                {text}
                {since !== null && <span className="text-soft text-sm font-normal"> for {span(now - since)}</span>}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        isLive && (
          <p className="text-good flex items-center gap-2 font-semibold">
            <CircleCheck size={18} aria-hidden="true" className="shrink-0" /> Every node answers, and everything that
            they need
          </p>
        )
      )}
    </>
  )
}
