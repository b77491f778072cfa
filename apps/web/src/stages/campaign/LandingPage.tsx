import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { api, asSomebody, messageOf, newKey } from '../../api.ts'
import { queries } from '../../queries.tsx'
import { useSession } from '../../auth/use-session.ts'
import { AccountButton, ForSomebody } from '../../auth/SignIn.tsx'
import { Button, buttonClass, ThemeButton } from '../../ui/button.tsx'
import { Field, Problem } from '../../ui/field.tsx'
import { KeepsNothing } from '../../ui/keeps-nothing.tsx'
import { textOf } from '../../ui/form.ts'
import { pathOf } from './room-path.ts'

export function LandingPage() {
  return (
    <div className="mx-auto flex min-h-dvh max-w-5xl flex-col px-4 py-6 sm:px-8">
      <header className="flex flex-wrap items-center justify-between gap-2">
        <p className="font-serif text-xl font-semibold">
          <span className="text-accent" aria-hidden="true">
            ⬢{' '}
          </span>
          Tablecast
        </p>
        <div className="flex items-center gap-2">
          <AccountButton />
          <ThemeButton />
        </div>
      </header>
      <main className="grow py-8 sm:py-14">
        <h1 className="max-w-3xl text-4xl leading-tight font-semibold sm:text-5xl">
          Everyone at the table, on the same page.
        </h1>
        <p className="text-soft mt-4 max-w-2xl text-lg">
          The DM drives, every player’s screen follows within a blink. No reloading, no “do you see it?”, and what is
          secret stays secret.
        </p>
        <div className="mt-6 empty:hidden">
          <KeepsNothing />
        </div>
        <SampleTable />
        <div className="mt-8 grid gap-5 md:grid-cols-2">
          <ForSomebody title="Start a table" what="start a table">
            <StartTable />
          </ForSomebody>
          <JoinTable />
        </div>
        <RecentRooms />
        <OtherStages />
      </main>
      <ForOperators />
    </div>
  )
}

/** In guest mode on this machine: a table in mid-play, one click away. */
function SampleTable() {
  const navigate = useNavigate()
  const { data } = useQuery(queries.auth.config.queryOptions())
  const session = useSession()
  const enter = useMutation({
    mutationFn: ({ code, name }: { code: string; name: string }) =>
      asSomebody(name, () => api.rooms.join.mutate({ key: newKey(), code })),
    onSuccess: (room) => navigate(pathOf(room)),
  })
  const sample = data?.sample
  // Where only accounts come in, one signs in first.
  if (!sample || (!data.guests && !session)) return null
  return (
    <section aria-label="Sample table" className="panel bg-raised mt-8 flex flex-wrap items-center gap-4">
      <div className="min-w-60 grow basis-80">
        <h2 className="text-lg font-semibold">See it live in ten seconds</h2>
        <p className="text-soft text-sm">
          The sample table is in mid-play. Open it as the DM here, and as a player in a private window or on another
          device.
        </p>
        <Problem text={enter.error ? messageOf(enter.error) : null} />
      </div>
      <div className="flex flex-wrap gap-3">
        <Button
          look="primary"
          disabled={enter.isPending}
          onClick={() => enter.mutate({ code: sample.ownerCode ?? sample.dmCode, name: 'The DM' })}
        >
          Open the sample as DM
        </Button>
        <Button disabled={enter.isPending} onClick={() => enter.mutate({ code: sample.playerCode, name: 'A player' })}>
          Open the sample as player
        </Button>
      </div>
    </section>
  )
}

function StartTable() {
  const navigate = useNavigate()
  const start = useMutation({
    mutationFn: ({ table, name }: { table: string; name: string }) =>
      asSomebody(name, () => api.rooms.create.mutate({ key: newKey(), name: table })),
    onSuccess: (room) => navigate(pathOf(room)),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    start.mutate({ table: textOf(form, 'table'), name: textOf(form, 'name') })
  }
  return (
    <form className="panel flex flex-col gap-4" onSubmit={submit}>
      <h2 className="text-xl font-semibold">Start a table</h2>
      <Field label="Name of the table" name="table" required maxLength={60} placeholder="Thursday night" />
      <Field
        label="Your name"
        name="name"
        required
        maxLength={60}
        defaultValue={useSession()?.name}
        autoComplete="nickname"
      />
      <Problem text={start.error ? messageOf(start.error) : null} />
      <Button look="primary" type="submit" disabled={start.isPending}>
        {start.isPending ? 'Setting the table…' : 'Start as DM'}
      </Button>
    </form>
  )
}

function JoinTable() {
  const navigate = useNavigate()
  const [problem, setProblem] = useState<string | null>(null)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const code = textOf(new FormData(event.currentTarget), 'code')
      .replace(/^.*\/join\//, '')
      .trim()
    if (/^[\w-]{8,100}$/.test(code)) void navigate(`/join/${code}`)
    else setProblem('Paste the whole link or code that the DM gave you.')
  }
  return (
    <form className="panel flex flex-col gap-4" onSubmit={submit}>
      <h2 className="text-xl font-semibold">Join a table</h2>
      <Field label="Invite link or code" name="code" required hint="Your DM finds it under Invite." />
      <Problem text={problem} />
      <Button type="submit">Join</Button>
    </form>
  )
}

const stages = [
  ['/arena', 'The arena', 'Agents argue over fake news, are judged, die and are cloned. Feed them, or watch.'],
  ['/topics', 'Topics', 'Any program publishes and subscribes. See what flows, and try it out.'],
  ['/market', 'The market', 'Agents trade and talk; sectors move while you look.'],
  ['/signals', 'Signals', 'Feeds of which the newest value counts, on every screen at once.'],
] as const

function OtherStages() {
  return (
    <section className="mt-10">
      <h2 className="text-xl font-semibold">Beside the table</h2>
      <ul className="mt-3 grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        {stages.map(([path, name, text]) => (
          <li key={path}>
            <Link
              to={path}
              className="border-line bg-card hover:border-accent block h-full rounded-2xl border p-4 transition"
            >
              <span className="font-semibold">{name}</span>
              <span className="text-soft mt-1 block text-sm">{text}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Only for who may see it: others would be sent away there. */
function ForOperators() {
  const { data } = useQuery(queries.auth.config.queryOptions())
  if (!data?.operates) return null
  return (
    <footer className="text-soft text-sm">
      <Link to="/ops" className="inline-block py-2 underline">
        Operations: how the nodes of this server are
      </Link>
    </footer>
  )
}

function RecentRooms() {
  const isKnown = useSession() !== null
  const { data } = useQuery({ ...queries.rooms.list.queryOptions(), enabled: isKnown })
  if (!data || data.length === 0) return null
  return (
    <section className="mt-10">
      <h2 className="text-xl font-semibold">Your tables</h2>
      <ul className="mt-3 grid gap-2 sm:grid-cols-2">
        {data.slice(0, 8).map(({ room, role }) => (
          <li key={room.id}>
            <Link to={pathOf({ room, role })} className={buttonClass('plain', 'w-full !justify-between')}>
              <span className="truncate">{room.name}</span>
              <span className="text-soft text-sm">{role}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
