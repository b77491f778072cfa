// The gestures of other people on the maps of the room, as the server sends them. Each one replaces that person's gesture before.
import type { MapGesture, MapGestureEvent, MapPoint } from '@tablecast/contracts'
import { useEffect } from 'react'
import { create } from 'zustand'
import { api } from '../../../../api.ts'
import { useLive } from '../../../../live/live-store.ts'

export type SeenGesture = {
  by: MapGestureEvent['by']
  mapId: string
  gesture: MapGesture
  at: number
  /** Where a pointer was a moment ago, the oldest place first. */
  trail: readonly TrailPlace[]
}
export type TrailPlace = { place: MapPoint; at: number }

/** A gesture without news fades: its person may be gone. */
const KEPT_MS = 6_000
const PING_MS = 3_000
const SWEEP_INTERVAL_MS = 500
const POLL_INTERVAL_MS = 1_000
/** As long as its style fades it. */
export const TRAIL_MS = 1_200
const MAX_TRAIL = 24

export const useSeenGestures = create<{ people: ReadonlyMap<string, SeenGesture> }>(() => ({ people: new Map() }))

export function withGesture(
  people: ReadonlyMap<string, SeenGesture>,
  { by, mapId, gesture }: MapGestureEvent,
  at: number,
): ReadonlyMap<string, SeenGesture> {
  const next = new Map(people)
  // A person who lets go after a ping still wants it to be seen.
  const before = people.get(by.id)
  const isPing = before?.gesture.kind === 'ping'
  if (gesture.kind !== 'end')
    next.set(by.id, {
      by,
      mapId,
      gesture,
      at,
      trail: trailTo(gesture, before?.mapId === mapId ? before : undefined, at),
    })
  else if (!isPing) next.delete(by.id)
  return next
}

function trailTo(gesture: MapGesture, before: SeenGesture | undefined, now: number): readonly TrailPlace[] {
  if (gesture.kind !== 'pointer' || before?.gesture.kind !== 'pointer') return []
  const all = [...before.trail, { place: before.gesture.at, at: before.at }]
  return all.filter(({ at }) => now - at < TRAIL_MS).slice(-MAX_TRAIL)
}

export function withoutOld(people: ReadonlyMap<string, SeenGesture>, now: number): ReadonlyMap<string, SeenGesture> {
  const kept = [...people].filter(([, one]) => now - one.at < (one.gesture.kind === 'ping' ? PING_MS : KEPT_MS))
  return kept.length === people.size ? people : new Map(kept)
}

/** Follows the gestures of the others while a map is drawn. */
export function useGestureStream(roomId: string, myId: string): void {
  const client = useLive((state) => state.client)
  const polls = useLive(({ link }) => link.kind === 'live' && link.transport === 'polling')
  useEffect(() => {
    const see = (event: MapGestureEvent) => {
      if (event.by.id === myId) return
      useSeenGestures.setState(({ people }) => ({ people: withGesture(people, event, Date.now()) }))
    }
    if (polls) return pollGestures(roomId, see)
    // The link notices a lost connection itself.
    const followed = client?.maps.gestures.subscribe({ roomId }, { onData: see, onError() {} })
    return () => followed?.unsubscribe()
  }, [client, polls, roomId, myId])

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

/** Asks for the newest gestures again and again, until the function that it returns is called. */
function pollGestures(roomId: string, see: (event: MapGestureEvent) => void): () => void {
  const stop = new AbortController()
  let cursor: string | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const poll = async () => {
    try {
      const answer = await api.maps.gesturesSince.query({ roomId, cursor }, { signal: stop.signal })
      cursor = answer.cursor
      for (const event of answer.events) see(event)
    } catch {
      // The link notices a lost connection itself, and an older server has no gestures for pages that poll.
    }
    if (!stop.signal.aborted) timer = setTimeout(() => void poll(), POLL_INTERVAL_MS)
  }
  void poll()
  return () => {
    stop.abort()
    clearTimeout(timer)
  }
}
