import { useSyncExternalStore } from 'react'
import { type KnownSession, readSession, session } from './session.ts'

const watch = (changed: () => void): (() => void) => session.watch(changed)

/** Who this page is, also when that changes while it is shown. */
export const useSession = (): KnownSession | null => useSyncExternalStore(watch, readSession)
