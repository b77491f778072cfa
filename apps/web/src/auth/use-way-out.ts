import { useEffect, useRef, useState } from 'react'
import { storage } from '../storage.ts'
import { useAccounts } from './accounts.ts'
import { Provider } from './provider.ts'
import { RETURN_KEY } from './return-path.ts'

/** Leads to the provider's page, and back to the page that the person left. */
export function useWayOut(provider: Provider, isReady: boolean) {
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
    // The browser's Back button restores this page as it was left, with nobody signed in.
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
