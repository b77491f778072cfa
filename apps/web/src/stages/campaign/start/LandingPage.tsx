import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { AccountButton, ForSomebody } from '../../../auth/SignIn.tsx'
import { useSession } from '../../../auth/use-session.ts'
import { YourName } from '../../../auth/YourName.tsx'
import { ThemeButton } from '../../../ui/button.tsx'
import { KeepsNothing } from '../../../ui/keeps-nothing.tsx'
import { loading } from '../../../ui/loading.tsx'
import { isUnanswered, queries } from '../../../queries.tsx'
import { SampleTable } from './SampleTable.tsx'
import { StartTable } from './StartTable.tsx'
import { JoinTable } from './JoinTable.tsx'
import { OperatorsLink } from './OperatorsLink.tsx'
import { RecentRooms } from './RecentRooms.tsx'

/**
 * Waits for the answers that decide which parts it has: a part that comes later moves the others away from a person's finger. A server that
 * does not answer still gives the page, without them.
 */
export function LandingPage() {
  const session = useSession()
  const [wasKnown] = useState(session !== null)
  const config = useQuery(queries.auth.config.queryOptions())
  const rooms = useQuery({ ...queries.rooms.list.queryOptions(), enabled: session !== null })
  if (isUnanswered(config) || (wasKnown && isUnanswered(rooms))) return loading
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
          {session && <YourName name={session.name} />}
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
      </main>
      <footer className="text-soft flex flex-wrap gap-x-6 text-sm">
        <Link to="/more" className="inline-block py-3 underline">
          More on this server
        </Link>
        <OperatorsLink />
      </footer>
    </div>
  )
}
