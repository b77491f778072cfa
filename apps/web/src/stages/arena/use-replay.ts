// Plays the recording of a finished game again, at the pace at which it happened or faster.
import type { ArenaSinceAnswer } from '@tablecast/contracts'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { api } from '../../api.ts'
import { emptyGame, foldArena, type GameState } from './game-state.ts'

type Recorded = ArenaSinceAnswer['events'][number]

export const speeds = [1, 4, 16] as const
export type Speed = (typeof speeds)[number]

/** Longer pauses are cut: a replay need not wait for a game master who thought for an hour. */
const MAX_GAP_MS = 3_000

export type Replay = {
  game: GameState
  length: number
  place: number
  isPlaying: boolean
  speed: Speed
  seek(place: number): void
  play(isPlaying: boolean): void
  choose(speed: Speed): void
}

/** Null until the recording is read, and while `isOn` is false. */
export function useReplay(sessionId: string, isOn: boolean): Replay | null {
  const { data: events } = useQuery({
    queryKey: ['arena-recording', sessionId],
    queryFn: ({ signal }) => readRecording(sessionId, signal),
    enabled: isOn,
    staleTime: Infinity,
  })
  const [place, setPlace] = useState(0)
  const [isPlaying, setIsPlaying] = useState(true)
  const [speed, setSpeed] = useState<Speed>(4)
  const states = useMemo(() => events && foldAll(events), [events])

  useEffect(() => {
    if (!isOn || !isPlaying || !events) return
    const next = events[place]
    if (!next) return
    const last = events[place - 1]
    const gap = last ? Date.parse(next.at) - Date.parse(last.at) : 0
    const timer = setTimeout(() => setPlace(place + 1), Math.min(MAX_GAP_MS, Math.max(0, gap)) / speed)
    return () => clearTimeout(timer)
  }, [isOn, isPlaying, events, place, speed])

  if (!isOn || !events || !states) return null
  return {
    game: states[place] ?? emptyGame,
    length: events.length,
    place,
    isPlaying: isPlaying && place < events.length,
    speed,
    seek: setPlace,
    play(wanted) {
      if (wanted && place >= events.length) setPlace(0)
      setIsPlaying(wanted)
    },
    choose: setSpeed,
  }
}

async function readRecording(sessionId: string, signal: AbortSignal): Promise<Recorded[]> {
  const events: Recorded[] = []
  let cursor: string | null = null
  for (let more = true; more;) {
    const page: ArenaSinceAnswer = await api.arena.since.query({ sessionId, cursor }, { signal })
    events.push(...page.events)
    cursor = page.cursor
    more = page.more
  }
  return events
}

/** The state after each event, so that seeking is a look-up. States share their unchanged parts. */
function foldAll(events: readonly Recorded[]): GameState[] {
  const states = [emptyGame]
  let game = emptyGame
  for (const { seq, ...event } of events) states.push((game = foldArena(game, String(seq), event)))
  return states
}
