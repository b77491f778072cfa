// The pages, behind an account.
import { Auth0Provider, useAuth0 } from '@auth0/auth0-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { apiAs, refusalOf } from '../api.ts'
import { browser } from '../live/surroundings.ts'
import { queryClient } from '../queries.tsx'
import { storage } from '../storage.ts'
import { AccountKeeper, type AccountState } from './account-keeper.ts'
import { CannotSignIn, NotSignedIn, Over, Stuck, WaitingNote } from './account-notices.tsx'
import { type AccountConfig, forgetAccount, isComingBack, providerNow, useAccounts } from './accounts.ts'
import { isRefusal, Provider } from './provider.ts'
import { session } from './session.ts'
import { tabs } from './tabs.ts'

type Navigate = (to: string) => void

/** Where to go after signing in, for an answer of the provider's that does not say it. */
const RETURN_KEY = 'tablecast.return'
const RETRY_MS = 4_000

type Props = { config: AccountConfig; navigate: Navigate; children: ReactNode }

/** `config`: as the server has it by now. With another provider, and with one that did not answer, everything begins again. */
export function AccountGate({ config: first, navigate, children }: Props) {
  const [config, setConfig] = useState(first)
  const [tries, setTries] = useState(0)
  return (
    <Entrance
      key={`${keyOf(config)} ${tries}`}
      config={config}
      isRetry={tries > 0}
      retry={() => setTries((count) => count + 1)}
      changeTo={setConfig}
      navigate={navigate}
    >
      {children}
    </Entrance>
  )
}

const keyOf = ({ domain, clientId, audience }: AccountConfig): string => [domain, clientId, audience].join(' ')

type EntranceProps = Props & { isRetry: boolean; retry: () => void; changeTo: (config: AccountConfig) => void }

function Entrance(props: EntranceProps) {
  const { config, navigate } = props
  const [provider] = useState(() => openProvider(config))
  if (!provider) return <CannotSignIn />
  return (
    <Auth0Provider
      client={provider}
      onRedirectCallback={(state) => navigate(state?.returnTo ?? storage.read(RETURN_KEY) ?? '/')}
    >
      <Gate {...props} provider={provider} />
    </Auth0Provider>
  )
}

/** Null where the browser does not give what signing in needs. */
function openProvider(config: AccountConfig): Provider | null {
  try {
    return new Provider(config)
  } catch {
    return null
  }
}

function Gate({
  config,
  provider,
  isRetry,
  retry,
  changeTo,
  navigate,
  children,
}: EntranceProps & { provider: Provider }) {
  const { isLoading, isAuthenticated, error } = useAuth0()
  const state = useAccount(provider, config, isAuthenticated)
  const { returnTo, leave, cannotLeave } = useWayOut(provider, !isLoading && !isAuthenticated && !error)
  useEffect(() => {
    // What the provider answered was used, and must not be used again with a reload.
    if (error && isComingBack()) navigate(whereFrom(error))
  }, [error, navigate])
  const isAway = error !== undefined && !isRefusal(error)
  useEffect(() => {
    if (!isAway) return
    const timer = setTimeout(retry, RETRY_MS)
    return () => clearTimeout(timer)
  }, [isAway, retry])

  const signInAgain = async () => {
    if (state.kind === 'over' && state.end === 'changed') {
      const now = await providerNow()
      useAccounts.setState({ returnTo: location.pathname })
      if (now) return changeTo(now)
      forgetAccount()
    }
    // The provider may know another person by now: whoever signs in again says who they are.
    else leave(returnTo ?? location.pathname, state.kind === 'over')
  }

  if (cannotLeave) return <CannotSignIn />
  if (state.kind === 'over') return <Over {...state} signIn={() => void signInAgain()} />
  if (error || (isRetry && isLoading))
    return <NotSignedIn error={isAway ? undefined : error} retry={retry} signIn={() => void signInAgain()} />
  if (state.kind === 'stuck') return <Stuck problem={state.problem} />
  if (isLoading || returnTo !== null || (isAuthenticated && state.kind === 'arriving'))
    return (
      <p role="status" className="text-soft p-8 text-center">
        Signing in…
      </p>
    )
  return (
    <>
      {children}
      {state.kind === 'here' && state.isWaiting && <WaitingNote />}
    </>
  )
}

/** Who has come, from the provider to the server, for as long as the page is open. */
function useAccount(provider: Provider, config: AccountConfig, isAuthenticated: boolean): AccountState {
  const [state, setState] = useState<AccountState>({ kind: 'arriving' })
  useEffect(() => {
    if (!isAuthenticated) return
    const signOut = () => {
      keeper.signOut()
      forgetAccount()
      void provider.logout({ logoutParams: { returnTo: location.origin } })
    }
    let isHere = false
    const keeper = new AccountKeeper({
      token: (isFresh) => provider.token(isFresh),
      isRefusal,
      forget: () => provider.forget(),
      async arrive(token) {
        const name = nameOf(await provider.getUser())
        return apiAs(token).auth.account.mutate({ name, guestToken: session.storedGuest?.token ?? null })
      },
      me: (token) => apiAs(token).auth.me.query(),
      isUnauthorized: (error) => refusalOf(error)?.code === 'UNAUTHORIZED',
      async isSameProvider() {
        const now = await providerNow()
        return now !== null && keyOf(now) === keyOf(config)
      },
      session,
      tabs,
      watchBrowser: browser.watch,
      random: Math.random,
      changed(now) {
        if (now.kind === 'here' && !isHere) {
          isHere = true
          storage.write(RETURN_KEY, null)
          queryClient.clear()
          useAccounts.setState({ name: now.name, returnTo: null, signOut })
        }
        if (now.kind === 'over') useAccounts.setState({ name: null, signOut: null })
        setState(now)
      },
    })
    return () => keeper.close()
  }, [isAuthenticated, provider, config])
  return state
}

/** To the provider's page, and back to where one was. */
function useWayOut(provider: Provider, isReady: boolean) {
  const returnTo = useAccounts((accounts) => accounts.returnTo)
  const [cannotLeave, setCannotLeave] = useState(false)
  const isLeaving = useRef(false)
  const leave = (to: string, asksWho: boolean) => {
    storage.write(RETURN_KEY, to)
    provider
      .loginWithRedirect({
        appState: { returnTo: to },
        ...(asksWho ? { authorizationParams: { prompt: 'login' } } : {}),
      })
      .catch(() => setCannotLeave(true))
  }
  useEffect(() => {
    if (!isReady || returnTo === null || isLeaving.current) return
    isLeaving.current = true
    leave(returnTo, false)
  })
  useEffect(() => {
    // Back from the provider's page without having signed in, to this page as it was left.
    const cameBack = ({ persisted }: PageTransitionEvent) => {
      if (!persisted) return
      isLeaving.current = false
      useAccounts.setState({ returnTo: null })
    }
    addEventListener('pageshow', cameBack)
    return () => removeEventListener('pageshow', cameBack)
  }, [])
  return { returnTo, leave, cannotLeave }
}

type Person = { name?: string; nickname?: string; email?: string }

const nameOf = (person: Person | undefined): string =>
  (person?.name ?? person?.nickname ?? person?.email ?? '').trim().slice(0, 60) || 'Someone'

/** A refusal comes back with what was sent along. */
const whereFrom = (error: Error & { appState?: { returnTo?: string } }): string =>
  error.appState?.returnTo ?? storage.read(RETURN_KEY) ?? '/'
