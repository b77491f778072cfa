// Sends the gestures of this person. Only the newest counts, so a quick hand sends a few of them a second.
import type { MapGesture } from '@tablecast/contracts'
import { api } from '../../../../api.ts'

/** The server takes 20 a second. */
const INTERVAL_MS = 70

export type SendGesture = (gesture: MapGesture, shows?: boolean) => void

export function gestureSender(roomId: string, mapId: string): SendGesture {
  let waiting: { gesture: MapGesture; shows: boolean } | null = null
  let isResting = false
  const next = () => {
    if (!waiting || isResting) return
    const { gesture, shows } = waiting
    waiting = null
    isResting = true
    // A lost gesture does no harm.
    api.maps.gesture.mutate({ roomId, mapId, gesture, shows }).catch(() => {})
    setTimeout(() => {
      isResting = false
      next()
    }, INTERVAL_MS)
  }
  return (gesture, shows = true) => {
    waiting = { gesture, shows }
    next()
  }
}
