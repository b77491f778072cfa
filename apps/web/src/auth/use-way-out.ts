import { useEffect, useRef, useState } from 'react'
import { storage } from '../storage.ts'
import { useAccounts } from './accounts.ts'
import { Provider } from './provider.ts'
import { RETURN_KEY } from './return-path.ts'

/** To the provider's page, and back to where one was. */
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
