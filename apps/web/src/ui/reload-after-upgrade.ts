import { useEffect } from 'react'
import { PART_MISSING } from './load-code.ts'

/** While servers of two versions run beside each other, a page may get the older files again. It does not load itself again at once. */
const MIN_AGE_MS = 60_000

/**
 * A newer version of the server has other files, and a part that the page still needs is gone. Then the page loads itself again. It does not
 * where the line alone is poor, or where a person would lose text: a field that keeps its own text is marked with `data-kept`.
 */
export function useReloadAfterUpgrade(): void {
  useEffect(() => {
    const typedInto = new Set<EventTarget>()
    const look = async () => {
      if (performance.now() < MIN_AGE_MS || hasText(typedInto)) return
      // The browser's own page about a server that can't be reached never comes back.
      const answer = await fetch(location.pathname, { cache: 'no-store', headers: { accept: 'text/html' } })
      if (answer.ok && isOther(await answer.text()) && !hasText(typedInto)) location.reload()
    }
    const typed = ({ target }: Event) => {
      if (target) typedInto.add(target)
    }
    // A part that did not load is wanted again when the connection is back.
    const missing = () => void look().catch(() => {})
    addEventListener('input', typed)
    addEventListener(PART_MISSING, missing)
    return () => {
      removeEventListener('input', typed)
      removeEventListener(PART_MISSING, missing)
    }
  }, [])
}

/** Whether the server's page begins with another script than this one. */
function isOther(page: string): boolean {
  const own = document.querySelector('script[type=module][src]')?.getAttribute('src')
  return own != null && !page.includes(`"${own}"`)
}

/** Whether one of these fields still holds text that a new page would not have. */
const hasText = (fields: ReadonlySet<EventTarget>): boolean =>
  [...fields].some(
    (field) =>
      (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) &&
      field.isConnected &&
      !('kept' in field.dataset) &&
      field.value !== '',
  )
