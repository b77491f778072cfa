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
      <p className="text-soft mt-3">{whyInWords(why)}</p>
      <div className="mt-5 flex justify-center">
        <WayIn />
      </div>
      <Link to="/" className="text-accent mt-6 underline">
        To the start page
      </Link>
    </main>
  )
}

function whyInWords(why: Why): string {
  switch (why.kind) {
    case 'nobody':
      return 'Open the table with an invite link of the DM. With an account, sign in and you are back where you were.'
    case 'removed':
      return 'You are not at this table any more. Ask the DM for an invite link.'
    case 'refused':
      return messageOf(why.error)
  }
}

const loadAccountButton = async () => (await import('../../auth/SignIn.tsx')).AskingAccountButton

/** Offers to sign in, on a server with accounts. */
function WayIn() {
  const { Part: AccountButton, want, problem } = usePart(loadAccountButton)
  useEffect(() => want(), [want])
  return AccountButton ? <AccountButton /> : problem
}
