import { useSession } from '../../auth/use-session.ts'

/** Shown to a signed-in person who is no operator. */
export function NoOperator() {
  const session = useSession()
  return (
    <div className="mx-auto max-w-xl py-8 text-center sm:py-16">
      <h2 className="text-2xl font-semibold">This page is for operators</h2>
      <p className="text-soft mt-3">
        You are signed in as <span className="text-ink">{session?.name ?? 'somebody'}</span>. The operator of this
        server lets you in by adding your user id to its configuration and starting it again:
      </p>
      <pre className="panel mt-4 overflow-x-auto text-left text-sm" tabIndex={0} aria-label="Configuration">
        OPERATORS={session?.userId ?? ''}
      </pre>
      <p className="text-soft mt-3 text-sm">Several user ids are separated by commas.</p>
    </div>
  )
}
