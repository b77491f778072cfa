import { useEffect } from 'react'
import { isThere, scriptOfServer } from '../../ui/page-of-server.ts'

const RETRY_MS = 10_000

/**
 * A screen whose page failed, for example because its code could not be loaded. Nobody can press anything on it, so it loads itself again
 * as soon as the server answers. An overlay stays empty, because a whole audience would read its words.
 */
export function FailedScreen({ kind }: { kind: 'tv' | 'overlay' }) {
  useEffect(() => {
    const again = async () => {
      const script = await scriptOfServer()
      if (script !== null && (await isThere(script))) location.reload()
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
