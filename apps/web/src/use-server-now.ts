import { useEffect, useState } from 'react'
import { serverClock } from './server-clock.ts'

/** The server's time, read again at this interval; null reads it once. */
export function useServerNow(everyMs: number | null): number {
  const [now, setNow] = useState(() => serverClock.now())
  useEffect(() => {
    if (everyMs === null) return
    const timer = setInterval(() => setNow(serverClock.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
