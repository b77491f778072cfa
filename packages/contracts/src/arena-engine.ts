// The messages between the server and the engines that run arena sessions. They travel over the bus, beside the game's public subjects.
//
// The server's log decides. An engine claims a session, and then publishes each of its events as a request with the mark
// `<engineId>.<n>`. The server answers after it has stored the event. It answers a repeat again, but stores it once. An engine that no
// longer has the session gets `lost`. If an engine falls silent, the server offers its sessions to the others, which rebuild the game
// from the log.
import { z } from 'zod'
import { ArenaId, type ArenaEvent, type ArenaOptions } from './arena.ts'

/** The queue group of all engines. The bus delivers each start and each orphaned session to one engine. */
export const ENGINE_QUEUE = 'arena-engine'

export const engineSubjects = {
  init: 'arena.init',
  claim: 'tablecast.arena.claim',
  log: 'tablecast.arena.log',
  orphan: 'tablecast.arena.orphan',
  alive: 'tablecast.arena.alive',
} as const

export const InitMessage = z.object({ session_id: ArenaId, rounds: z.number().optional(), seed: z.number().optional() })

export const ClaimMessage = z.object({
  session_id: ArenaId,
  engine_id: ArenaId,
  rounds: z.number().optional(),
  seed: z.number().optional(),
})
/** `seq`: the number of stored events by engines. `news`: not played yet, oldest first. */
export type ClaimAnswer =
  | { status: 'ok'; seq: number; options: ArenaOptions; news: { id: string; content: string }[] }
  | { status: 'taken' }

export const LogMessage = z.object({ session_id: ArenaId, after: z.int().min(0) })
/** The events of this game after a position, oldest first. `next` is null on the last page. */
export type LogAnswer = { events: ArenaEvent[]; next: number | null }

export const OrphanMessage = z.object({ session_id: ArenaId })

/** Sent every 2 s. `leaving`: the engine stops, so others may claim its sessions at once. */
export const AliveMessage = z.object({
  engine_id: ArenaId,
  sessions: z.array(ArenaId).max(10_000),
  leaving: z.boolean(),
})
export type AliveMessage = z.infer<typeof AliveMessage>
export const ALIVE_MS = 2_000

/** `ok`: the event is stored, now or earlier. `lost`: the session belongs to another engine. */
export type EventAnswer = { status: 'ok' } | { status: 'lost' }

export const eventMark = (engineId: string, number: number): string => `${engineId}.${number}`

export function parseEventMark(mark: string | null): { engineId: string; number: number } | null {
  const match = /^([a-zA-Z0-9][a-zA-Z0-9_-]{0,63})\.([1-9]\d{0,9})$/.exec(mark ?? '')
  return match ? { engineId: match[1] ?? '', number: Number(match[2]) } : null
}
