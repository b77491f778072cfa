import type { RoomDetails } from '@tablecast/contracts'
import { useCallback, useEffect, useState } from 'react'
import { api, refusalOf } from '../../api.ts'
import { Timers } from '../../live/timers.ts'

const MAX_TRIES = 30
const RETRY_DELAY_MS = 1_000

type Answer = { roomId: string; details: RoomDetails | undefined; error: unknown }

/** The details of a room that are not live. `reload` asks again; the old details stay until it has succeeded. */
export function useRoomDetails(roomId: string, isEnabled: boolean) {
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [asked, setAsked] = useState(0)
  useEffect(() => {
    if (!isEnabled) return
    const abort = new AbortController()
    const retry = new Timers()
    const ask = (tries: number) =>
      api.rooms.get.query({ roomId }, { signal: abort.signal }).then(
        (details) => setAnswer({ roomId, details, error: null }),
        (error: unknown) => {
          if (abort.signal.aborted) return
          // A server that is just starting answers soon.
          if (refusalOf(error) === undefined && tries < MAX_TRIES)
            retry.set('ask', RETRY_DELAY_MS, () => void ask(tries + 1))
          else setAnswer((before) => ({ roomId, details: of(before, roomId)?.details, error }))
        },
      )
    void ask(0)
    return () => {
      abort.abort()
      retry.clear()
    }
  }, [roomId, isEnabled, asked])
  const { details, error = null } = of(answer, roomId) ?? {}
  const reload = useCallback(() => setAsked((count) => count + 1), [])
  return { details, error, reload }
}

const of = (answer: Answer | null, roomId: string): Answer | null => (answer?.roomId === roomId ? answer : null)
