import { useEffect } from 'react'
import { PART_MISSING } from '../../ui/load-code.ts'

/** A younger page has the newest files already, so that loading it again would not bring the missing one. */
const MIN_AGE_MS = 60_000

/**
 * A newer version of the server has other files. A page that nobody touches loads itself again when one is missing, and only while the
 * server answers: the browser’s own page about an unreachable server never comes back.
 */
export function useReloadAfterUpgrade(): void {
  useEffect(() => {
    const look = async () => {
      if (performance.now() < MIN_AGE_MS) return
      const { ok } = await fetch('/health/ready', { cache: 'no-store' })
      if (ok) location.reload()
    }
    // A part that did not load is wanted again when the connection is back.
    const missing = () => void look().catch(() => {})
    addEventListener(PART_MISSING, missing)
    return () => removeEventListener(PART_MISSING, missing)
  }, [])
}
