// Whether this browser uses an account, and what a page can do about it. The provider's library is loaded only where it does.
import type { AuthConfig } from '@tablecast/contracts'
import { create } from 'zustand'
import { apiAs } from '../api.ts'
import { storage } from '../storage.ts'

export type AccountConfig = NonNullable<AuthConfig['account']>

const KEY = 'tablecast.account'
const RETRY_MS = 1_000

type Accounts = {
  /** From the first sign-in on, also over reloads. */
  isUsed: boolean
  /** Where to go after signing in: somebody has just asked to. */
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

/** The next visit begins without an account. */
export function forgetAccount(): void {
  storage.write(KEY, null)
  useAccounts.setState({ isUsed: false, ...nobody })
}

/** How people sign in here by now, null where they can't: since the last visit that may have changed. */
export const providerNow = async (): Promise<AccountConfig | null> =>
  (await apiAs(undefined).auth.config.query()).account

/** The same; a server that is not there yet is waited for. */
export async function waitForProvider(): Promise<AccountConfig | null> {
  for (;;)
    try {
      return await providerNow()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS * (1 + Math.random())))
    }
}

/** The provider's answer stands in the address, also where the browser kept nothing. */
export function isComingBack(search = location.search): boolean {
  return /[?&](?:code|error)=/.test(search) && /[?&]state=/.test(search)
}
