// The pages, behind an account: its provider signs in (PKCE), gives tokens that stay in memory, and renews them.
import { Auth0Provider, useAuth0, type User } from '@auth0/auth0-react'
import workerUrl from '@auth0/auth0-spa-js/dist/auth0-spa-js.worker.production.js?url'
import { createTRPCClient, httpLink } from '@trpc/client'
import type { AppRouter } from '@tablecast/server'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { messageOf } from '../api.ts'
import { queryClient } from '../queries.tsx'
import { Button } from '../ui/button.tsx'
import { type AccountConfig, forgetAccount, useAccounts } from './accounts.ts'
import { forgetGuest, readGuest, setAccountSession } from './session.ts'

/** So long before its end a token is renewed; one that lives for less than twice as long, at half of its life. */
const AHEAD_MS = 60_000
const AGAIN_MS = 5_000

type Props = { config: AccountConfig; navigate: (to: string) => void; children: ReactNode }

export function AccountGate({ config, navigate, children }: Props) {
  return (
    <Auth0Provider
      domain={config.domain}
      clientId={config.clientId}
      authorizationParams={{
        redirect_uri: `${location.origin}/`,
        audience: config.audience,
        scope: 'openid profile email offline_access',
      }}
      cacheLocation="memory"
      // The library keeps refresh tokens in a worker; from an address of ours, which the page's policy allows.
      workerUrl={workerUrl}
      useRefreshTokens
      // After a reload there is no refresh token in memory: the provider's own session gives a new one.
      useRefreshTokensFallback
      onRedirectCallback={(state) => navigate(state?.returnTo ?? '/')}
    >
      <Gate>{children}</Gate>
    </Auth0Provider>
  )
}

function Gate({ children }: { children: ReactNode }) {
  const { isLoading, isAuthenticated, error, user, loginWithRedirect } = useAuth0()
  const returnTo = useAccounts((state) => state.returnTo)
  const { isKnown, problem, retry } = useArrival(user)
  const isLeaving = useRef(false)
  const mustSignIn = returnTo !== null && !isLoading && !isAuthenticated && !error
  useEffect(() => {
    if (!mustSignIn || isLeaving.current) return
    isLeaving.current = true
    void loginWithRedirect({ appState: { returnTo } })
  }, [mustSignIn, returnTo, loginWithRedirect])

  if (error)
    return (
      <Notice title="You are not signed in" text={wordsOf(error)}>
        <Button
          look="primary"
          onClick={() => void loginWithRedirect({ appState: { returnTo: returnTo ?? whereFrom(error) } })}
        >
          Sign in again
        </Button>
        <Button
          onClick={() => {
            forgetAccount()
            location.assign('/')
          }}
        >
          Go on without
        </Button>
      </Notice>
    )
  if (problem)
    return (
      <Notice title="Signing in did not work" text={problem}>
        <Button look="primary" onClick={retry}>
          Try again
        </Button>
      </Notice>
    )
  if (isLoading || mustSignIn || (isAuthenticated && !isKnown))
    return (
      <p role="status" className="text-soft p-8 text-center">
        Signing in…
      </p>
    )
  return children
}

/** Tells the server who has come, and keeps the token fresh for as long as the page is open. */
function useArrival(user: User | undefined) {
  const { isAuthenticated, getAccessTokenSilently, logout } = useAuth0()
  const [isKnown, setIsKnown] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [attempt, setAttempt] = useState(0)
  // With each token the library makes a new object of the same person.
  const sub = user?.sub
  const name = nameOf(user)
  useEffect(() => {
    if (!isAuthenticated || !sub) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let isOver = false
    const session = async (isFresh: boolean) => {
      const token = await getAccessTokenSilently(isFresh ? { cacheMode: 'off' } : {})
      if (token === undefined) throw new Error('the sign-in service gave no token')
      return { token, me: await callWith(token, name, isFresh) }
    }
    const take = ({ token, me }: Awaited<ReturnType<typeof session>>) => {
      if (isOver) return
      setAccountSession({ token, ...me })
      useAccounts.setState({
        name: me.name,
        returnTo: null,
        signOut: () => {
          setAccountSession(null)
          forgetAccount()
          void logout({ logoutParams: { returnTo: location.origin } })
        },
      })
      const left = Date.parse(me.expiresAt) - Date.now()
      timer = setTimeout(renew, Math.max(1_000, Math.max(left - AHEAD_MS, left / 2)))
    }
    // A provider that is away for a while is asked again; the old token is good until its end.
    const renew = () =>
      void session(true).then(take, () => {
        if (!isOver) timer = setTimeout(renew, AGAIN_MS)
      })
    const arrive = async () => {
      const first = await session(false)
      forgetGuest()
      take(first)
      queryClient.clear()
      setIsKnown(true)
    }
    arrive().catch((error: unknown) => setProblem(messageOf(error)))
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [isAuthenticated, sub, name, getAccessTokenSilently, logout, attempt])
  const retry = () => {
    setProblem(null)
    setAttempt((count) => count + 1)
  }
  return { isKnown, problem, retry }
}

/** At first the guest of this browser goes over into the account; a renewal only asks how long the token is good. */
function callWith(token: string, name: string, isRenewal: boolean) {
  const api = createTRPCClient<AppRouter>({
    links: [httpLink({ url: '/trpc', headers: { authorization: `Bearer ${token}` } })],
  })
  if (isRenewal) return api.auth.me.query()
  return api.auth.account.mutate({ name, guestToken: readGuest()?.token ?? null })
}

const nameOf = (user: User | undefined): string =>
  (user?.name ?? user?.nickname ?? user?.email ?? '').trim().slice(0, 60) || 'Someone'

function Notice({ title, text, children }: { title: string; text: string; children: ReactNode }) {
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

/** A refusal comes back with what was sent along. */
const whereFrom = (error: Error & { appState?: { returnTo?: string } }): string =>
  error.appState?.returnTo ?? location.pathname

const wordsOf = (error: Error & { error?: string }): string =>
  error.error === 'access_denied'
    ? 'You did not allow it, or your account may not come in here. Nothing has changed.'
    : `The sign-in service says: ${error.message}`
