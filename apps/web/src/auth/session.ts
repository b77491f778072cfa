// Who this browser is: a guest whose token it keeps, or an account whose token lives in memory alone.
import type { Session } from '@tablecast/contracts'

const KEY = 'tablecast.session'

export type KnownSession = Session & { kind: 'guest' | 'account' }

let account: KnownSession | null = null
const renewals = new Set<(token: string) => void>()

export function readSession(): KnownSession | null {
  if (account && account.expiresAt > new Date().toISOString()) return account
  const guest = readGuest()
  return guest && { ...guest, kind: 'guest' }
}

/** The guest that this browser is, or was until it signed in with an account. */
export function readGuest(): Session | null {
  try {
    const session = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Session | null
    return session && session.expiresAt > new Date().toISOString() ? session : null
  } catch {
    return null
  }
}

export const saveGuest = (session: Session): void => localStorage.setItem(KEY, JSON.stringify(session))
export const forgetGuest = (): void => localStorage.removeItem(KEY)

/** Connections that are open are told, so that they go on with the newer token. */
export function setAccountSession(session: Session | null): void {
  account = session && { ...session, kind: 'account' }
  if (session) for (const renewed of renewals) renewed(session.token)
}

/** Calls back with each newer token. Returns what ends that. */
export function onRenewal(renewed: (token: string) => void): () => void {
  renewals.add(renewed)
  return () => void renewals.delete(renewed)
}
