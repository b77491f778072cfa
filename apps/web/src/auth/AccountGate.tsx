// Shows the pages once the account is signed in, and else says what keeps it from that.
import { Auth0Provider, useAuth0 } from '@auth0/auth0-react'
import { type ReactNode, useEffect, useState } from 'react'
import { storage } from '../storage.ts'
import { CannotSignIn, NotSignedIn, Over, Stuck, WaitingNote } from './account-notices.tsx'
import { type AccountConfig, forgetAccount, isComingBack, providerNow, useAccounts } from './accounts.ts'
import { isRefusal, Provider } from './provider.ts'
import { RETURN_KEY } from './return-path.ts'
import { accountConfigKey } from './account-config-key.ts'
import { useAccount } from './use-account.ts'
import { useWayOut } from './use-way-out.ts'

type Navigate = (to: string) => void

const RETRY_DELAY_MS = 4_000

type Props = { config: AccountConfig; navigate: Navigate; children: ReactNode }

/** `config` is the server's provider. A changed provider, and a retry, remount everything below. */
export function AccountGate({ config: first, navigate, children }: Props) {
  const [config, setConfig] = useState(first)
  const [tries, setTries] = useState(0)
  return (
    <Entrance
      key={`${accountConfigKey(config)} ${tries}`}
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

/** Null in a browser that lacks what signing in needs. */
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
    // The provider's answer is used up: a reload must not use it again.
    if (error && isComingBack()) navigate(whereFrom(error))
  }, [error, navigate])
  const isAway = error !== undefined && !isRefusal(error)
  useEffect(() => {
    if (!isAway) return
    const timer = setTimeout(retry, RETRY_DELAY_MS)
    return () => clearTimeout(timer)
  }, [isAway, retry])

  const signInAgain = async () => {
    if (state.kind === 'over' && state.end === 'changed') {
      const now = await providerNow()
      useAccounts.setState({ returnTo: location.pathname })
      if (now) return changeTo(now)
      forgetAccount()
    }
    // Another person may be signed in at the provider by now, so it has to ask who it is.
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

/** A refusal brings back the state that was sent with the request. */
const whereFrom = (error: Error & { appState?: { returnTo?: string } }): string =>
  error.appState?.returnTo ?? storage.read(RETURN_KEY) ?? '/'
