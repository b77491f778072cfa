// Whether this browser uses an account, and how to sign in with one. The provider's library is loaded only in browsers that do.
import type { AuthConfig } from '@tablecast/contracts'
import { create } from 'zustand'
import { apiAs } from '../api.ts'
import { storage } from '../storage.ts'

export type AccountConfig = NonNullable<AuthConfig['account']>

const KEY = 'tablecast.account'
const RETRY_DELAY_MS = 1_000

type Accounts = {
  /** True from the first sign-in on, also after reloads. */
  isUsed: boolean
  /** The path to return to, set when a person has just asked to sign in. */
  returnTo: string | null
  /** Null while nobody is signed in with an account. */
  name: string | null
  signOut: (() => void) | null
}

const nobody = { returnTo: null, name: null, signOut: null }

export const useAccounts = create<Accounts>(() => ({ isUsed: storage.read(KEY) !== null || isComingBack(), ...nobody }))

export function signInWithAccount(returnTo = location.pathname): void {
  storage.write(KEY, 'yes')
  useAccounts.setState({ isUsed: true, returnTo })
}

/** The next visit starts without an account. */
export function forgetAccount(): void {
  storage.write(KEY, null)
  useAccounts.setState({ isUsed: false, ...nobody })
}

/** The provider that the server uses now, or null. It may have changed since the last visit. */
export const providerNow = async (): Promise<AccountConfig | null> =>
  (await apiAs(undefined).auth.config.query()).account

/** The same, but waits for a server that does not answer yet. */
export async function waitForProvider(): Promise<AccountConfig | null> {
  for (;;)
    try {
      return await providerNow()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS * (1 + Math.random())))
    }
}

/** True when the address holds the provider's answer, also in a browser that keeps nothing. */
export function isComingBack(search = location.search): boolean {
  return /[?&](?:code|error)=/.test(search) && /[?&]state=/.test(search)
}
