// Who this browser is: a guest token and the rooms it has been in.
import type { Session } from '@tablecast/contracts'

const KEY = 'tablecast.session'

export function readSession(): Session | null {
  try {
    const session = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Session | null
    return session && session.expiresAt > new Date().toISOString() ? session : null
  } catch {
    return null
  }
}

export const saveSession = (session: Session): void => localStorage.setItem(KEY, JSON.stringify(session))
export const endSession = (): void => localStorage.removeItem(KEY)
