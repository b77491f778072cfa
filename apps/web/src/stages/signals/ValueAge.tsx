import { TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'

/** An older value is called stale. */
const STALE_AFTER_MS = 3_000

/** The age of the newest value. Screen readers announce it only when it becomes stale. */
export function ValueAge({ at, isConnected }: { at: number; isConnected: boolean }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [])
  if (at === 0) return null
  const age = Math.max(0, now - at)
  const isStale = age > STALE_AFTER_MS
  return (
    <div>
      <p data-testid="age" className="text-soft text-sm tabular-nums">
        Newest value: {age < 1_000 ? 'just now' : `${Math.floor(age / 1_000)} s ago`}
      </p>
      <p role="status" className="text-warn mt-1 flex items-center gap-2 font-semibold empty:hidden">
        {isStale && (
          <>
            <TriangleAlert size={18} aria-hidden="true" />
            {isConnected
              ? 'The feed has stalled: nothing new comes from its source.'
              : 'This value may be stale: the connection is lost.'}
          </>
        )}
      </p>
    </div>
  )
}
