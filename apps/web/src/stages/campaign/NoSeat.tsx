import { useEffect } from 'react'
import { Link } from 'wouter'
import { messageOf } from '../../api.ts'
import { type Live, useLive } from '../../live/live-store.ts'
import { usePart } from '../../ui/use-part.tsx'
import type { Room } from './use-room.ts'

type Why = { kind: 'nobody' } | { kind: 'removed' } | { kind: 'refused'; error: unknown }

/** The reason why this person can't see the table; null while they can. */
export function useWhyNoSeat({ details, error, isSomebody }: Room): Why | null {
  const kind = useLive(({ link }: Live) => link.kind)
  if (!isSomebody || kind === 'signed_out') return { kind: 'nobody' }
  if (kind === 'ended') return { kind: 'removed' }
  return error && !details ? { kind: 'refused', error } : null
}

export function NoSeat({ why }: { why: Why }) {
  const isNobody = why.kind === 'nobody'
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center p-6 text-center">
      <h1 className="text-2xl font-semibold">
        {isNobody ? 'This browser has no seat at the table' : 'No seat at this table'}
      </h1>
      {why.kind === 'removed' && <p className="text-soft mt-3">You are not at this table any more.</p>}
      {why.kind === 'refused' && <p className="text-soft mt-3">{messageOf(why.error)}</p>}
      <p className={`text-soft ${isNobody ? 'mt-3' : 'mt-1'}`}>
        {isNobody
          ? 'Open the table with an invite link of the DM. With an account, sign in and you are back where you were.'
          : 'Ask the DM for an invite link.'}
      </p>
      <div className="mt-5 flex justify-center">
        <WayIn />
      </div>
      <Link to="/" className="text-accent mt-6 underline">
        To the start page
      </Link>
    </main>
  )
}

const loadAccountButton = async () => (await import('../../auth/SignIn.tsx')).AskingAccountButton

/** Offers to sign in, on a server with accounts. */
function WayIn() {
  const { Part: AccountButton, want, problem } = usePart(loadAccountButton)
  useEffect(() => want(), [want])
  return AccountButton ? <AccountButton /> : problem
}
