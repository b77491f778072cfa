import { useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Link, useParams } from 'react-router'
import { queries } from '../../queries.tsx'
import { ConnectionStatus } from '../../live/ConnectionStatus.tsx'
import { buttonClass, ThemeButton } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { FeedConnection, useSignals } from './feed-connection.ts'

const REFRESH_MS = 3_000
/** Older than that, a value is said to be stale. */
const STALL_MS = 3_000

export function SignalsPage() {
  const params = useParams()
  const { data } = useQuery({ ...queries.signals.feeds.queryOptions(), refetchInterval: REFRESH_MS })
  const feeds = data?.feeds ?? []
  const name = params['feed'] ?? feeds[0]?.name
  const feed = feeds.find((one) => one.name === name)
  useEffect(() => {
    if (name === undefined) return
    const connection = new FeedConnection(name)
    return () => connection.close()
  }, [name])
  useEffect(() => {
    document.title = `${name ?? 'Signals'} · Signals · Tablecast`
  }, [name])
  const { link, seq, at, heardAt, value, series } = useSignals()

  return (
    <div className="min-h-dvh">
      <PageHeader
        back="/"
        backLabel="To the start page"
        title={name ?? 'Signals'}
        subtitle={feed?.subject ?? 'Signals'}
        isSticky
      >
        <ConnectionStatus link={link} seq={seq || null} heardAt={heardAt} />
        <ThemeButton />
      </PageHeader>
      <main className="mx-auto flex max-w-6xl flex-col gap-4 p-3 sm:p-5">
        {feeds.length > 1 && (
          <nav aria-label="Feeds" className="flex flex-wrap gap-2">
            {feeds.map((one) => (
              <Link
                key={one.name}
                to={`/signals/${one.name}`}
                aria-current={one.name === name ? 'page' : undefined}
                className={buttonClass(one.name === name ? 'primary' : 'plain')}
              >
                {one.name}
              </Link>
            ))}
          </nav>
        )}
        <Age at={at} isConnected={link.kind === 'live'} />
        {value === undefined ? (
          <Waiting subject={feed?.subject ?? null} isRunning={feed?.isRunning ?? false} />
        ) : (
          <>
            <section aria-label="Values" className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
              {[...series].map(([path, values]) => (
                <div key={path} className="panel min-w-0" data-testid="signal">
                  <p className="text-soft truncate text-sm">{path}</p>
                  <p className="text-2xl font-semibold tabular-nums">{format(values.at(-1) ?? 0)}</p>
                  <Sparkline values={values} className="mt-2 h-10 w-full" />
                </div>
              ))}
            </section>
            <Levels value={value} />
            <details className="panel">
              <summary className="cursor-pointer font-semibold">The whole payload</summary>
              <pre className="mt-3 max-h-96 overflow-auto text-xs" tabIndex={0} aria-label="Payload">
                {JSON.stringify(value, null, 2)}
              </pre>
            </details>
          </>
        )}
        {feed && (
          <dl className="panel text-soft grid grid-cols-2 gap-x-6 gap-y-1 text-sm sm:grid-cols-5">
            {(
              [
                ['Received', String(feed.received)],
                ['Per second', feed.rate.toFixed(1)],
                ['Still to come', String(feed.lag)],
                ['Skipped', String(feed.skipped)],
                ['Watching', String(feed.subscribers)],
              ] as const
            ).map(([term, text]) => (
              <div key={term}>
                <dt className="text-xs">{term}</dt>
                <dd className="text-ink tabular-nums">{text}</dd>
              </div>
            ))}
          </dl>
        )}
      </main>
    </div>
  )
}

/** How old the newest value is; said aloud only when it becomes stale. */
function Age({ at, isConnected }: { at: number; isConnected: boolean }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [])
  if (at === 0) return null
  const age = Math.max(0, now - at)
  const isStale = age > STALL_MS
  return (
    <div>
      <p data-testid="age" className="text-soft text-sm tabular-nums">
        Newest value: {age < 1_000 ? 'just now' : `${Math.floor(age / 1_000)} s ago`}
      </p>
      <p role="status" className="text-warn mt-1 flex items-center gap-2 font-semibold empty:hidden">
        {isStale && (
          <>
            <TriangleAlert size={18} aria-hidden="true" />
            {isConnected
              ? 'The feed has stalled: nothing new comes from its source.'
              : 'This value may be stale: the connection is lost.'}
          </>
        )}
      </p>
    </div>
  )
}

function Waiting({ subject, isRunning }: { subject: string | null; isRunning: boolean }) {
  return (
    <div className="mx-auto max-w-md py-16 text-center">
      <h1 className="text-2xl font-semibold">{isRunning ? 'Nothing has come yet' : 'The source is not there yet'}</h1>
      <p className="text-soft mt-3">
        {isRunning
          ? `The first value on ${subject ?? 'the feed'} appears here by itself.`
          : 'As soon as its stream is there, the values appear here by themselves.'}
      </p>
      <p className="text-soft mt-3 text-sm">
        <code>npx -y pnpm demo:signals</code> publishes a generated series.
      </p>
    </div>
  )
}

type Level = { id?: unknown; price?: unknown; strength?: unknown; kind?: unknown }

/** The levels of level signals, strongest bars longest. */
function Levels({ value }: { value: unknown }) {
  const listed = typeof value === 'object' && value !== null ? (value as { levels?: unknown }).levels : null
  if (!Array.isArray(listed)) return null
  const levels = listed
    .filter((level): level is Level => typeof level === 'object' && level !== null)
    .filter(({ price }) => typeof price === 'number')
    .slice(0, 50)
    .toSorted((a, b) => Number(b.price) - Number(a.price))
  if (levels.length === 0) return null
  return (
    <section aria-label="Levels" className="panel overflow-x-auto">
      <table className="w-full text-sm">
        <caption className="mb-2 text-left font-serif text-lg font-semibold">Levels</caption>
        <thead className="text-soft text-left text-xs">
          <tr>
            <th scope="col" className="py-1 pr-4 font-normal">
              Price
            </th>
            <th scope="col" className="py-1 pr-4 font-normal">
              Kind
            </th>
            <th scope="col" className="w-1/2 py-1 font-normal">
              Strength
            </th>
          </tr>
        </thead>
        <tbody>
          {levels.map(({ id, price, strength, kind }) => {
            const share = typeof strength === 'number' ? Math.min(1, Math.max(0, strength)) : 0
            return (
              <tr key={typeof id === 'string' ? id : String(price)} className="border-line border-t">
                <td className="py-1.5 pr-4 font-semibold tabular-nums">{format(Number(price))}</td>
                <td className="text-soft py-1.5 pr-4">{typeof kind === 'string' ? kind : '–'}</td>
                <td className="py-1.5" aria-label={`${Math.round(share * 100)} %`}>
                  <span className="flex items-center gap-3">
                    <span className="bg-raised h-2 grow overflow-hidden rounded-full" aria-hidden="true">
                      <span
                        className={`block h-full rounded-full transition-all ${kind === 'support' ? 'bg-good' : 'bg-bad'}`}
                        style={{ width: `${share * 100}%` }}
                      />
                    </span>
                    <span className="w-10 text-right tabular-nums">{Math.round(share * 100)}&nbsp;%</span>
                  </span>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

const format = (value: number): string => value.toLocaleString([], { maximumFractionDigits: 2 })
