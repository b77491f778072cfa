import { useEffect } from 'react'

const RETRY_MS = 10_000

/**
 * A screen whose page failed, for example because its code could not be loaded. Nobody can press anything on it, so it loads itself again
 * as soon as the server answers. An overlay stays empty, because a whole audience would read its words.
 */
export function FailedScreen({ kind }: { kind: 'tv' | 'overlay' }) {
  useEffect(() => {
    const again = async () => {
      // The browser's own page about a server that can't be reached never comes back.
      const answer = await fetch(location.pathname, { cache: 'no-store', headers: { accept: 'text/html' } })
      if (answer.ok) location.reload()
    }
    const timer = setInterval(() => void again().catch(() => {}), RETRY_MS)
    return () => clearInterval(timer)
  }, [])
  if (kind === 'overlay') return null
  return (
    <main className="bg-page fixed inset-0 grid place-items-center text-center">
      <p role="status" className="text-[max(2.6vh,1.6rem)]">
        The screen comes back by itself…
      </p>
    </main>
  )
}
