import { useQuery } from '@tanstack/react-query'
import { LogIn, LogOut } from 'lucide-react'
import type { ReactNode } from 'react'
import { isUnanswered, Queries, queries } from '../queries.tsx'
import { Button } from '../ui/button.tsx'
import { loading } from '../ui/loading.tsx'
import { signInWithAccount, useAccounts } from './accounts.ts'
import { useSession } from './use-session.ts'

/** On a server with accounts: a button to sign in or out. */
export function AccountButton() {
  const { data } = useQuery(queries.auth.config.queryOptions())
  const signOut = useAccounts((accounts) => accounts.signOut)
  const session = useSession()
  if (!data?.account) return null
  if (signOut)
    return (
      <Button look="quiet" onClick={signOut}>
        <LogOut size={17} aria-hidden="true" /> Sign out
      </Button>
    )
  return (
    <Button onClick={() => signInWithAccount()}>
      <LogIn size={17} aria-hidden="true" /> {session ? 'Sign in to keep your tables' : 'Sign in'}
    </Button>
  )
}

/** The same button for a page without React Query. */
export const AskingAccountButton = () => (
  <Queries>
    <AccountButton />
  </Queries>
)

type ForSomebodyProps = { what: string; title?: string; level?: 'h1' | 'h2'; children: ReactNode }

/** Shows its children to a signed-in person or where guests are allowed, and else a button to sign in. */
export function ForSomebody({ what, title, level: Heading = 'h2', children }: ForSomebodyProps) {
  const config = useQuery(queries.auth.config.queryOptions())
  const session = useSession()
  if (session) return children
  // A form that a person sees first and then loses would take their click with it.
  if (isUnanswered(config)) return loading
  if (!config.data?.account || config.data.guests) return children
  return (
    <div className="panel flex flex-col items-start gap-4">
      {title && <Heading className="text-xl font-semibold">{title}</Heading>}
      <p>Sign in to {what}.</p>
      <Button look="primary" onClick={() => signInWithAccount()}>
        <LogIn size={17} aria-hidden="true" /> Sign in
      </Button>
    </div>
  )
}
