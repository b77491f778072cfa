// Whether this browser uses an account, and what a page can do about it. The provider's library is loaded only where it does.
import type { AuthConfig } from '@tablecast/contracts'
import { create } from 'zustand'

export type AccountConfig = NonNullable<AuthConfig['account']>

const KEY = 'tablecast.account'

type Accounts = {
  /** Set from the first sign-in on, also over reloads. */
  config: AccountConfig | null
  /** Where to go after signing in: somebody has just asked to. */
  returnTo: string | null
  /** Null while nobody is signed in with an account. */
  name: string | null
  signOut: (() => void) | null
}

export const useAccounts = create<Accounts>(() => ({ config: remembered(), returnTo: null, name: null, signOut: null }))

export function signInWithAccount(config: AccountConfig, returnTo = location.pathname): void {
  localStorage.setItem(KEY, JSON.stringify(config))
  useAccounts.setState({ config, returnTo })
}

/** The next visit begins without an account. */
export function forgetAccount(): void {
  localStorage.removeItem(KEY)
  useAccounts.setState({ config: null, returnTo: null, name: null, signOut: null })
}

function remembered(): AccountConfig | null {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? 'null') as AccountConfig | null
  } catch {
    return null
  }
}
