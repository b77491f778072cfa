import { useEffect, useId, useState } from 'react'
import { clockTime } from '../ui/clock-time.ts'
import type { Link, Transport } from './link-machine.ts'

const live: Record<Transport, string> = { websocket: 'Live', sse: 'Live over SSE', polling: 'Polling' }

/** The state, and what a narrow header leaves out of it. `now` is on the link machine's clock. */
function describeLink(link: Link, now: number): [state: string, rest?: string] {
  switch (link.kind) {
    case 'connecting':
      return ['Connecting…']
    case 'live':
      return [live[link.transport]]
    case 'reconnecting': {
      const seconds = Math.ceil((link.at - now) / 1_000)
      return seconds > 0 ? ['Reconnecting', ` in ${seconds} s`] : ['Reconnecting', '…']
    }
    case 'offline':
      return ['Offline', ` since ${clockTime(link.since)}`]
    case 'renewing':
      return ['Signing in', ' again…']
    case 'signed_out':
      return ['Signed out']
    case 'ended':
      return ['Removed', ' from the table']
  }
}

type Props = {
  link: Link
  /** The seq of the newest update; null before the first. */
  seq: number | null
  /** In milliseconds since 1970, 0 before the first byte. */
  heardAt: number
  healed?: number
}

/** The state of the link, with details on a click. They are in the browser's own popover, which needs no network. */
export function ConnectionStatus({ link, seq, heardAt, healed }: Props) {
  const id = useId()
  const [isOpen, setIsOpen] = useState(false)
  const now = useNow(link.kind === 'reconnecting' ? 500 : 5_000)
  const [state, rest = ''] = describeLink(link, now)
  const text = state + rest
  const isGood = link.kind === 'live' && link.transport === 'websocket'
  const colour = isGood
    ? 'text-good'
    : link.kind === 'live' || link.kind === 'connecting' || link.kind === 'renewing'
      ? 'text-warn'
      : 'text-bad'
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        aria-haspopup="dialog"
        data-testid="connection"
        data-command="This page"
        data-label="Connection"
        className={`border-line bg-card flex min-h-11 min-w-11 items-center gap-2 rounded-full border px-3 text-sm ${colour}`}
      >
        <span aria-hidden="true" className="size-2.5 shrink-0 rounded-full bg-current" />
        <span className="truncate">
          {state}
          {rest !== '' && <span className="max-lg:sr-only">{rest}</span>}
        </span>
      </button>
      <div
        id={id}
        popover="auto"
        role="dialog"
        aria-label="Connection"
        tabIndex={-1}
        onBeforeToggle={({ newState }) => setIsOpen(newState === 'open')}
        onToggle={({ newState, currentTarget }) => newState === 'open' && currentTarget.focus()}
        className="under-button border-line bg-raised text-ink w-72 rounded-xl border p-4 text-sm shadow-xl"
      >
        {isOpen && (
          <>
            <h2 className="mb-2 font-sans font-semibold">Connection</h2>
            <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
              <dt className="text-soft">State</dt>
              <dd>{text}</dd>
              <dt className="text-soft">Newest update</dt>
              <dd>{seq === null ? 'none yet' : `no. ${seq}`}</dd>
              <dt className="text-soft">Last heard</dt>
              <dd>{heardAt ? new Date(heardAt).toLocaleTimeString() : 'not yet'}</dd>
              {healed !== undefined && (
                <>
                  <dt className="text-soft">Recovered</dt>
                  <dd>{healed === 1 ? 'once' : `${healed} times`}</dd>
                </>
              )}
            </dl>
          </>
        )}
      </div>
      <span role="status" className="sr-only">
        {link.kind === 'reconnecting' ? 'Reconnecting' : text}
      </span>
    </>
  )
}

function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => performance.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
