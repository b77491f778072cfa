import { useSyncExternalStore } from 'react'
import { type KnownSession, readSession, session } from './session.ts'

const watch = (changed: () => void): (() => void) => session.watch(changed)

/** The session of this page. Renders again when it changes. */
export const useSession = (): KnownSession | null => useSyncExternalStore(watch, readSession)
