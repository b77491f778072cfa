import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link, useParams } from 'wouter'
import { queries } from '../../queries.tsx'
import { ConnectionStatus } from '../../live/ConnectionStatus.tsx'
import { buttonClass, ThemeButton } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { FeedConnection, useSignals } from './feed-connection.ts'
import { ValueAge } from './ValueAge.tsx'
import { WaitingForValue } from './WaitingForValue.tsx'
import { Levels } from './Levels.tsx'
import { formatValue } from './format-value.ts'

const REFRESH_INTERVAL_MS = 3_000

export function SignalsPage() {
  const params = useParams()
  const { data } = useQuery({ ...queries.signals.feeds.queryOptions(), refetchInterval: REFRESH_INTERVAL_MS })
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
        <ValueAge at={at} isConnected={link.kind === 'live'} />
        {value === undefined ? (
          <WaitingForValue subject={feed?.subject ?? null} isRunning={feed?.isRunning ?? false} />
        ) : (
          <>
            <section aria-label="Values" className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
              {[...series].map(([path, values]) => (
                <div key={path} className="panel min-w-0" data-testid="signal">
                  <p className="text-soft truncate text-sm">{path}</p>
                  <p className="text-2xl font-semibold tabular-nums">{formatValue(values.at(-1) ?? 0)}</p>
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
