import { useEffect } from 'react'
import { PART_MISSING } from '../../ui/load-code.ts'

/** Keeps the display on. Browsers allow it over https and on the same machine, and take it back when the page is hidden. */
export function useStayAwake(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null
    let isOver = false
    const ask = async () => {
      if (!('wakeLock' in navigator) || document.visibilityState !== 'visible') return
      // Refused while the battery is low: the next return to the page asks again.
      lock = await navigator.wakeLock.request('screen').catch(() => null)
      if (isOver) await lock?.release()
    }
    const again = () => void ask()
    again()
    document.addEventListener('visibilitychange', again)
    return () => {
      isOver = true
      document.removeEventListener('visibilitychange', again)
      void lock?.release()
    }
  }, [])
}

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
