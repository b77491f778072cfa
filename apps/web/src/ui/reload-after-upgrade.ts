import { useEffect } from 'react'
import { PART_MISSING } from './load-code.ts'
import { isThere, scriptOf, scriptOfServer } from './page-of-server.ts'

/** While servers of two versions run beside each other, a page may get the older files again. It does not load itself again at once. */
const MIN_AGE_MS = 60_000
/** An unattended page of an older version may not know all that a newer server sends. */
const LOOK_INTERVAL_MS = 5 * 60_000

/**
 * A newer version of the server has other files, and a part that the page still needs is gone. Then the page loads itself again. It does not
 * where the line alone is poor, or where a person would lose text: a field that keeps its own text is marked with `data-kept`.
 *
 * `isUnattended`: nobody can reload the page, so it also looks by itself, although no part is missing.
 */
export function useReloadAfterUpgrade({ isUnattended = false } = {}): void {
  useEffect(() => {
    const listening = new AbortController()
    const { signal } = listening
    const typedInto = new Set<HTMLElement>()
    const look = async () => {
      if (performance.now() < MIN_AGE_MS) return
      const script = await scriptOfServer()
      if (script === null || script === scriptOf(document)) return
      if ((await isThere(script)) && ![...typedInto].some(hasText)) location.reload()
    }
    const typed = ({ target }: Event) => {
      if (target instanceof HTMLElement && !target.dataset['kept']) typedInto.add(target)
    }
    addEventListener('input', typed, { signal })
    // A part that did not load is wanted again when the connection is back.
    addEventListener(PART_MISSING, () => void look().catch(() => {}), { signal })
    const timer = isUnattended ? setInterval(() => void look().catch(() => {}), LOOK_INTERVAL_MS) : undefined
    return () => {
      listening.abort()
      clearInterval(timer)
    }
  }, [isUnattended])
}

/** Whether a field still holds text that a new page would not have. */
const hasText = (field: HTMLElement): boolean => field.isConnected && 'value' in field && field.value !== ''
