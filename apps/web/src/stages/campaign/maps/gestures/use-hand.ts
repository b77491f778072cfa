import type { AreaShape, MapGesture } from '@tablecast/contracts'
import type { Point } from '@tablecast/maps/grid'
import { useEffect, useMemo, useRef, useState } from 'react'
import { gestureSender } from './send-gestures.ts'

const OWN_PING_MS = 3_000

/** The hand of this person over a map: what it points at here, and what the others see of it. `shows`: whether players see a DM's. */
export function useHand(roomId: string, mapId: string, shows: boolean) {
  const sender = useMemo(() => gestureSender(roomId, mapId), [roomId, mapId])
  const [own, setOwn] = useState<MapGesture | null>(null)
  const fading = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(fading.current), [])
  const send = (gesture: MapGesture) => sender(gesture, shows)

  const ping = (at: Point) => {
    const gesture: MapGesture = { kind: 'ping', at }
    // A ping asks for eyes, so everybody sees it.
    sender(gesture, true)
    setOwn(gesture)
    clearTimeout(fading.current)
    fading.current = setTimeout(() => setOwn(null), OWN_PING_MS)
  }
  const held = (gesture: MapGesture | null) => {
    clearTimeout(fading.current)
    setOwn(gesture)
    send(gesture ?? { kind: 'end' })
  }
  return {
    own,
    send,
    ping,
    measure: (points: [Point, Point] | null) => held(points && { kind: 'ruler', points }),
    holdArea: (shape: AreaShape | null) => held(shape && { kind: 'area', shape }),
    point: (at: Point) => send({ kind: 'pointer', at }),
  }
}
