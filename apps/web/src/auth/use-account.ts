import { startOf } from '@tablecast/contracts'
import { useEffect, useState } from 'react'
import { apiAs, refusalOf } from '../api.ts'
import { clearDevice } from '../device/clear-device.ts'
import { endNotices } from '../device/notices/end-notices.ts'
import { browser } from '../live/browser-environment.ts'
import { queryClient } from '../queries.tsx'
import { storage } from '../storage.ts'
import { AccountKeeper, type AccountState } from './account-keeper.ts'
import { type AccountConfig, forgetAccount, providerNow, useAccounts } from './accounts.ts'
import { isRefusal, Provider } from './provider.ts'
import { session } from './session.ts'
import { tabs } from './tabs.ts'
import { RETURN_KEY } from './return-path.ts'
import { accountConfigKey } from './account-config-key.ts'

/** Brings the provider's person to the server, and keeps them signed in while the page is open. */
export function useAccount(provider: Provider, config: AccountConfig, isAuthenticated: boolean): AccountState {
  const [state, setState] = useState<AccountState>({ kind: 'arriving' })
  useEffect(() => {
    if (!isAuthenticated) return
    const signOut = () => {
      const token = session.current?.token
      const ended = endNotices(token)
      keeper.signOut()
      forgetAccount()
      void clearDevice(token, ended).then(() => provider.logout({ logoutParams: { returnTo: location.origin } }))
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
        return now !== null && accountConfigKey(now) === accountConfigKey(config)
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

type Person = { name?: string; nickname?: string; email?: string }

const nameOf = (person: Person | undefined): string =>
  startOf((person?.name ?? person?.nickname ?? person?.email ?? '').trim(), 60) || 'Someone'
