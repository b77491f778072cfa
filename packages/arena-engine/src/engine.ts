// Claims started and orphaned sessions over the bus, and plays them.
import { randomUUID } from 'node:crypto'
import {
  ALIVE_MS,
  type AliveMessage,
  type ArenaEvent,
  type ArenaOptions,
  type ClaimAnswer,
  ENGINE_QUEUE,
  engineSubjects,
  InitMessage,
  type LogAnswer,
  OrphanMessage,
  parseArenaSubject,
} from '@tablecast/contracts'
import { type Bus, BusError, type BusMessage, pause } from '@tablecast/bus'
import type { z } from 'zod'
import type { Agent } from './agent.ts'
import { MAX_AGENTS } from './game.ts'
import { seedOf } from './random.ts'
import { type News, Session, SessionLost } from './session.ts'

export type EngineDeps = {
  bus: Bus
  /** Called for each game, because a model's budget belongs to one game. */
  agentFor(sessionId: string): Agent
  rounds: number
  agents: number
  /** The pause after each event that people read, in milliseconds. */
  paceMs: number
  /** Called with the error that ended a session too early. */
  failed?: (error: unknown, sessionId: string) => void
  engineId?: string
}

const REQUEST_TIMEOUT_MS = 5_000
const MAX_RETRY_DELAY_MS = 2_000

/** After `[Symbol.asyncDispose]` other engines continue the sessions at the same point. */
export class ArenaEngine implements AsyncDisposable {
  readonly engineId: string
  readonly #deps: EngineDeps
  readonly #sessions = new Map<string, Session | null>()
  readonly #early = new Map<string, News[]>()
  readonly #closing = new AbortController()
  readonly #open = new AsyncDisposableStack()
  readonly #playing = new Set<Promise<void>>()

  constructor(deps: EngineDeps) {
    this.#deps = deps
    this.engineId = deps.engineId ?? `engine-${randomUUID().slice(0, 8)}`
    const { bus } = deps
    const listen = (pattern: string, handle: (message: BusMessage) => void, queue?: string) => {
      const subscription = bus.subscribe(pattern, handle, queue === undefined ? {} : { queue })
      this.#open.defer(() => subscription.close())
    }
    listen(engineSubjects.init, (message) => this.#offered(InitMessage, message), ENGINE_QUEUE)
    listen(engineSubjects.orphan, (message) => this.#offered(OrphanMessage, message), ENGINE_QUEUE)
    listen('arena.*.input.fakenews', (message) => this.#fed(message))
    const beat = setInterval(() => this.#beat(false), ALIVE_MS)
    this.#open.defer(() => clearInterval(beat))
    this.#beat(false)
  }

  /** The ids of the sessions that this engine plays. */
  get sessions(): string[] {
    return [...this.#sessions.keys()]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    await this.#open.disposeAsync()
    for (const session of this.#sessions.values()) session?.stop()
    await Promise.all(this.#playing)
    this.#beat(true)
    if (this.#deps.bus.isConnected) await this.#deps.bus.flush().catch(() => {})
  }

  #offered(schema: z.ZodType<{ session_id: string } & ArenaOptions>, message: BusMessage): void {
    const offer = schema.safeParse(message.json)
    if (!offer.success || this.#closing.signal.aborted) return
    const { session_id: sessionId, rounds, seed } = offer.data
    if (this.#sessions.has(sessionId)) return
    this.#sessions.set(sessionId, null)
    const playing = this.#play(sessionId, { rounds, seed })
      .catch((error: unknown) => {
        if (!this.#closing.signal.aborted) this.#deps.failed?.(error, sessionId)
      })
      .finally(() => {
        this.#sessions.delete(sessionId)
        this.#early.delete(sessionId)
        this.#playing.delete(playing)
      })
    this.#playing.add(playing)
  }

  async #play(sessionId: string, offered: ArenaOptions): Promise<void> {
    const { bus, agentFor, paceMs, agents } = this.#deps
    const claimed = await this.#claim(sessionId, offered)
    if (claimed.status === 'taken') return
    // From here on the engine keeps news for this session, also while it reads the log.
    const log = claimed.seq > 0 ? await this.#readLog(sessionId) : []
    const { rounds = this.#deps.rounds, seed = seedOf(sessionId) } = claimed.options
    const session = new Session({
      sessionId,
      engineId: this.engineId,
      bus,
      agent: agentFor(sessionId),
      options: { rounds, seed, agents: Math.min(agents, MAX_AGENTS) },
      log,
      stored: claimed.seq,
      news: claimed.news,
      paceMs,
    })
    this.#sessions.set(sessionId, session)
    for (const news of this.#early.get(sessionId) ?? []) session.feed(news)
    if (this.#closing.signal.aborted) session.stop()
    await session.play()
  }

  async #claim(sessionId: string, { rounds, seed }: ArenaOptions): Promise<ClaimAnswer> {
    const claim = { session_id: sessionId, engine_id: this.engineId, rounds, seed }
    return (await this.#request(engineSubjects.claim, claim)) as ClaimAnswer
  }

  async #readLog(sessionId: string): Promise<ArenaEvent[]> {
    const events: ArenaEvent[] = []
    for (let after: number | null = 0; after !== null;) {
      const page = (await this.#request(engineSubjects.log, { session_id: sessionId, after })) as LogAnswer
      events.push(...page.events)
      after = page.next
    }
    return events
  }

  /** Tries until the server answers. The server may be starting, or the bus may be unreachable. */
  async #request(subject: string, body: object): Promise<unknown> {
    for (let wait = 50; ; wait = Math.min(MAX_RETRY_DELAY_MS, wait * 2)) {
      try {
        return (await this.#deps.bus.request(subject, JSON.stringify(body), { timeoutMs: REQUEST_TIMEOUT_MS })).json
      } catch (error) {
        if (!(error instanceof BusError)) throw error
      }
      await pause(wait, this.#closing.signal)
      if (this.#closing.signal.aborted) throw new SessionLost('the engine is stopping')
    }
  }

  #fed(message: BusMessage): void {
    const sessionId = parseArenaSubject(message.subject)?.sessionId ?? ''
    if (!this.#sessions.has(sessionId) || message.text.trim() === '') return
    const news = { id: message.id ?? randomUUID(), content: contentOf(message) }
    const session = this.#sessions.get(sessionId)
    if (session) session.feed(news)
    else this.#early.set(sessionId, [...(this.#early.get(sessionId) ?? []), news])
  }

  #beat(leaving: boolean): void {
    const { bus } = this.#deps
    if (!bus.isConnected) return
    const alive: AliveMessage = { engine_id: this.engineId, sessions: this.sessions, leaving }
    bus.publish(engineSubjects.alive, JSON.stringify(alive))
  }
}

/** The contract asks for a plain string. Some publishers send it as JSON, in quotes. */
const contentOf = ({ json, text }: BusMessage): string => (typeof json === 'string' ? json : text)
