// The gestures of other people on the maps of the room, as the server sends them. Each one replaces that person's gesture before.
import type { MapGesture, MapGestureEvent } from '@tablecast/contracts'
import { useEffect } from 'react'
import { create } from 'zustand'
import { useLive } from '../../../../live/live-store.ts'

export type SeenGesture = { by: MapGestureEvent['by']; mapId: string; gesture: MapGesture; at: number }

/** A gesture without news fades: its person may be gone. */
const KEPT_MS = 6_000
const PING_MS = 3_000
const SWEEP_INTERVAL_MS = 500

export const useSeenGestures = create<{ people: ReadonlyMap<string, SeenGesture> }>(() => ({ people: new Map() }))

export function withGesture(
  people: ReadonlyMap<string, SeenGesture>,
  { by, mapId, gesture }: MapGestureEvent,
  at: number,
): ReadonlyMap<string, SeenGesture> {
  const next = new Map(people)
  // A person who lets go after a ping still wants it to be seen.
  const isPing = people.get(by.id)?.gesture.kind === 'ping'
  if (gesture.kind !== 'end') next.set(by.id, { by, mapId, gesture, at })
  else if (!isPing) next.delete(by.id)
  return next
}

export function withoutOld(people: ReadonlyMap<string, SeenGesture>, now: number): ReadonlyMap<string, SeenGesture> {
  const kept = [...people].filter(([, one]) => now - one.at < (one.gesture.kind === 'ping' ? PING_MS : KEPT_MS))
  return kept.length === people.size ? people : new Map(kept)
}

/** Follows the gestures of the others while a map is drawn. A page that polls gets none. */
export function useGestureStream(roomId: string, myId: string): void {
  const client = useLive((state) => state.client)
  useEffect(() => {
    if (!client) return
    const followed = client.maps.gestures.subscribe(
      { roomId },
      {
        onData(event) {
          if (event.by.id === myId) return
          useSeenGestures.setState(({ people }) => ({ people: withGesture(people, event, Date.now()) }))
        },
        // The link notices a lost connection itself.
        onError() {},
      },
    )
    return () => followed.unsubscribe()
  }, [client, roomId, myId])

  useEffect(() => {
    const sweep = setInterval(() => {
      useSeenGestures.setState(({ people }) => ({ people: withoutOld(people, Date.now()) }))
    }, SWEEP_INTERVAL_MS)
    return () => {
      clearInterval(sweep)
      useSeenGestures.setState({ people: new Map() })
    }
  }, [])
}
