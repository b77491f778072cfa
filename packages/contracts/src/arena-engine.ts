// Between the server and the engines that run arena sessions, on the bus, beside the public subjects of the game.
//
// The server's log is the truth. An engine claims a session, and then publishes each event of it as a request that is marked
// `<engineId>.<n>`; the server answers once the event is stored. A repeat is answered again and stored once. An engine that lost the
// session gets `lost`. A session whose engine is silent is offered to the others, who rebuild the game from the log.
import { z } from 'zod'
import { ArenaId, type ArenaEvent, type ArenaOptions } from './arena.ts'

/** The queue group of all engines: each start and each orphan goes to one of them. */
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
/** `seq`: how many events of the engines are stored. `news`: fed and not played yet, oldest first. */
export type ClaimAnswer =
  | { status: 'ok'; seq: number; options: ArenaOptions; news: { id: string; content: string }[] }
  | { status: 'taken' }

export const LogMessage = z.object({ session_id: ArenaId, after: z.int().min(0) })
/** The events of this game after a position, oldest first; `next` is null at the end. */
export type LogAnswer = { events: ArenaEvent[]; next: number | null }

export const OrphanMessage = z.object({ session_id: ArenaId })

/** Every 2 s. `leaving`: the engine stops, its sessions may be taken at once. */
export const AliveMessage = z.object({
  engine_id: ArenaId,
  sessions: z.array(ArenaId).max(10_000),
  leaving: z.boolean(),
})
export type AliveMessage = z.infer<typeof AliveMessage>
export const ALIVE_MS = 2_000

/** The server's answer to an event: stored (now or before), or the session is no longer this engine's. */
export type EventAnswer = { status: 'ok' } | { status: 'lost' }

export const eventMark = (engineId: string, number: number): string => `${engineId}.${number}`

export function parseEventMark(mark: string | null): { engineId: string; number: number } | null {
  const match = /^([a-zA-Z0-9][a-zA-Z0-9_-]{0,63})\.([1-9]\d{0,9})$/.exec(mark ?? '')
  return match ? { engineId: match[1] ?? '', number: Number(match[2]) } : null
}
