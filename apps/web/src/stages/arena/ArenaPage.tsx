import type { ArenaSession } from '@tablecast/contracts'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { api, messageOf, newId, newKey, asSomebody } from '../../api.ts'
import { queries } from '../../queries.tsx'
import { Button } from '../../ui/button.tsx'
import { Field, Problem } from '../../ui/field.tsx'
import { textOf } from '../../ui/form.ts'
import { StageHeader } from '../../ui/stage-header.tsx'

const REFRESH_INTERVAL_MS = 3_000

export function ArenaPage() {
  const { data, error } = useQuery({ ...queries.arena.sessions.queryOptions(), refetchInterval: REFRESH_INTERVAL_MS })
  useEffect(() => {
    document.title = 'Arena · Tablecast'
  }, [])
  const running = data?.sessions.filter(({ status }) => status === 'running') ?? []
  const ended = data?.sessions.filter(({ status }) => status === 'ended') ?? []
  return (
    <div className="mx-auto flex min-h-dvh max-w-5xl flex-col px-4 py-6 sm:px-8">
      <StageHeader />
      <main className="grow py-8">
        <h1 className="text-4xl font-semibold">The arena</h1>
        <p className="text-soft mt-3 max-w-2xl">
          Agents read a piece of fake news, argue and are judged. Each round the most gullible is out and the steadiest
          is cloned. You feed the news; everyone may watch.
        </p>
        <div className="mt-8 grid gap-6 md:grid-cols-[20rem_minmax(0,1fr)]">
          <StartSession />
          <div className="flex min-w-0 flex-col gap-8">
            <Problem text={error ? messageOf(error) : null} />
            <Sessions title="Running" sessions={running} empty={data ? 'No game is running.' : 'Looking for games…'} />
            <Sessions
              title="Finished"
              sessions={ended}
              empty={data ? 'Finished games can be replayed from here.' : ''}
            />
          </div>
        </div>
      </main>
    </div>
  )
}

function StartSession() {
  const [, navigate] = useLocation()
  const [suggested] = useState(() => `game-${newId().slice(0, 5)}`)
  const start = useMutation({
    mutationFn: (session: { sessionId: string; rounds: number }) =>
      asSomebody('Game master', () => api.arena.start.mutate({ key: newKey(), ...session })),
    onSuccess: ({ sessionId }) => navigate(`/arena/${sessionId}`),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    start.mutate({ sessionId: textOf(form, 'session').trim(), rounds: Number(textOf(form, 'rounds')) })
  }
  return (
    <form className="panel flex flex-col gap-4 self-start" onSubmit={submit}>
      <h2 className="text-xl font-semibold">Start a session</h2>
      <Field
        label="Its name"
        name="session"
        required
        maxLength={64}
        pattern="[a-zA-Z0-9][a-zA-Z0-9_\-]*"
        title="Letters, digits, _ and -, beginning with a letter or digit"
        defaultValue={suggested}
        hint="Letters, digits, _ and -"
      />
      <Field label="Rounds" name="rounds" type="number" min={1} max={20} required defaultValue={5} />
      <Problem text={start.error ? messageOf(start.error) : null} />
      <Button look="primary" type="submit" disabled={start.isPending}>
        {start.isPending ? 'Opening the gates…' : 'Start as game master'}
      </Button>
    </form>
  )
}

function Sessions({ title, sessions, empty }: { title: string; sessions: readonly ArenaSession[]; empty: string }) {
  return (
    <section aria-label={`${title} sessions`}>
      <h2 className="text-xl font-semibold">{title}</h2>
      {sessions.length === 0 && <p className="text-soft mt-2 text-sm">{empty}</p>}
      <ul className="mt-3 grid grid-cols-[minmax(0,1fr)] gap-2">
        {sessions.map((session) => (
          <li key={session.id}>
            <Link
              to={`/arena/${session.id}`}
              className="border-line bg-card hover:border-accent flex flex-wrap items-baseline gap-x-4 gap-y-1 rounded-xl border px-4 py-3 transition"
            >
              <span className="min-w-0 font-semibold break-all">{session.id}</span>
              <span className={`ml-auto text-sm ${session.waiting ? 'text-warn' : 'text-soft'}`}>
                {stateOf(session)}
              </span>
              {session.news && <span className="text-soft w-full truncate text-sm">“{session.news}”</span>}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function stateOf({ status, round, waiting, phase, endedAt }: ArenaSession): string {
  if (status === 'ended')
    return `${round} ${round === 1 ? 'round' : 'rounds'} · ${new Date(endedAt ?? '').toLocaleString()}`
  if (waiting) return `Waiting for news · round ${round + 1}`
  return round === 0 ? 'About to begin' : `Round ${round}${phase ? ` · ${phase}` : ''}`
}
