// Notices for a person who has no page to see, or not yet.
import { CloudOff } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { messageOf } from '../api.ts'
import { Button } from '../ui/button.tsx'
import type { AccountEnd } from './account-keeper.ts'
import { forgetAccount } from './accounts.ts'

/** A shorter wait is not worth a note. */
const NOTE_DELAY_MS = 3_000

const endings: Record<AccountEnd, { title: string; text: (name: string) => ReactNode }> = {
  elsewhere: {
    title: 'You signed out in another tab',
    text: () => 'Sign in again to go on where you were.',
  },
  ended: {
    title: 'Your sign-in has ended',
    text: () => 'Sign in again to go on where you were. What you did here is kept.',
  },
  other_person: {
    title: 'Somebody else signed in',
    text: (name) => (
      <>
        Another account signed in in this browser. Sign in again to go on as <bdi>{name}</bdi>.
      </>
    ),
  },
  changed: {
    title: 'Your sign-in has ended',
    text: () => 'This table uses another sign-in service by now. Sign in again to go on where you were.',
  },
}

export function Over({ end, name, signIn }: { end: AccountEnd; name: string; signIn: () => void }) {
  const { title, text } = endings[end]
  return (
    <Notice title={title} text={text(name)}>
      <Button look="primary" onClick={signIn}>
        Sign in again
      </Button>
      <GoOnWithout />
    </Notice>
  )
}

/** `error` is undefined when the service did not answer. It is then asked again by itself. */
export function NotSignedIn({
  error,
  retry,
  signIn,
}: {
  error: (Error & { error?: string }) | undefined
  retry: () => void
  signIn: () => void
}) {
  if (!error)
    return (
      <Notice
        title="The sign-in service does not answer"
        text="Nothing is lost. This page goes on by itself as soon as it does."
      >
        <Button look="primary" onClick={retry}>
          Try now
        </Button>
        <GoOnWithout />
      </Notice>
    )
  return (
    <Notice title="You are not signed in" text={wordsOf(error)}>
      <Button look="primary" onClick={signIn}>
        Sign in again
      </Button>
      <GoOnWithout />
    </Notice>
  )
}

export function Stuck({ problem }: { problem: unknown }) {
  return (
    <Notice title="Signing in takes longer" text={`${messageOf(problem)} This page tries again by itself.`}>
      <GoOnWithout />
    </Notice>
  )
}

/** The browser lacks what signing in needs: a secure address, or storage for the way to the provider and back. */
export function CannotSignIn() {
  return (
    <Notice
      title="Signing in does not work here"
      text={
        isSecureContext
          ? 'This browser keeps nothing for this page, and could not find back from signing in. Allow cookies and site data for this address, and sign in again.'
          : 'Browsers sign in over a secure address alone. Open this table by its https:// address.'
      }
    >
      <GoOnWithout />
    </Notice>
  )
}

/** Lies over the page, which stays usable: clicks go through to what is below. */
export function WaitingNote() {
  const [isLong, setIsLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), NOTE_DELAY_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div role="status">
      {isLong && (
        <p className="border-line bg-raised arrive pointer-events-none fixed inset-x-4 bottom-4 z-60 mx-auto flex max-w-md items-start gap-3 rounded-xl border p-4 text-sm shadow-xl">
          <CloudOff size={18} aria-hidden="true" className="text-warn mt-0.5 shrink-0" />
          <span>
            <strong className="block">The sign-in service does not answer</strong>
            <span className="text-soft">
              What you see may be out of date. The table goes on by itself as soon as the service is back.
            </span>
          </span>
        </p>
      )}
    </div>
  )
}

function GoOnWithout() {
  const go = () => {
    forgetAccount()
    location.assign('/')
  }
  return <Button onClick={go}>Go on without</Button>
}

function Notice({ title, text, children }: { title: string; text: ReactNode; children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-4 p-6 text-center">
      <h1 className="text-2xl font-semibold">{title}</h1>
      <p role="alert" className="text-soft">
        {text}
      </p>
      <div className="flex flex-wrap justify-center gap-3">{children}</div>
    </main>
  )
}

const wordsOf = (error: Error & { error?: string }): string =>
  error.error === 'access_denied'
    ? 'You did not allow it, or your account may not come in here. Nothing has changed.'
    : `The sign-in service says: ${error.message}`
