// Plays one session over the bus. It publishes each event of the game, and continues after the server has stored it.
import { type AgentAnswer, type ArenaEvent, arenaSubject, type EventAnswer, eventMark } from '@tablecast/contracts'
import { type Bus, BusError, pause } from '@tablecast/bus'
import type { Agent, Question } from './agent.ts'
import { game, type GameOptions, type Reply, type Step } from './game.ts'

const ACK_TIMEOUT_MS = 5_000
const MAX_RETRY_DELAY_MS = 2_000
const MAX_NEWS_WAITING = 20

export type News = { id: string; content: string }

export type SessionDeps = {
  sessionId: string
  engineId: string
  bus: Bus
  agent: Agent
  options: GameOptions
  /** The stored events of this game, oldest first, and the number of those by engines. */
  log: readonly ArenaEvent[]
  stored: number
  news: readonly News[]
  /** The pause after each event that people read, in milliseconds. */
  paceMs: number
}

/** Another engine has the session, or the log does not follow from the rules. */
export class SessionLost extends Error {}

/**
 * It first rebuilds the game from the log, and publishes nothing meanwhile. While the bus or the server is unreachable, it sends the
 * same event again. The event's number lets the server store it once.
 */
export class Session {
  readonly #deps: SessionDeps
  readonly #ended = new AbortController()
  readonly #news: News[]
  readonly #received = new Set<string>()
  #arrived = Promise.withResolvers<void>()
  /** The number of events of this game, with replayed ones. */
  #number = 0
  /** The number of replayed events of the log. */
  #read = 0

  constructor(deps: SessionDeps) {
    this.#deps = deps
    this.#news = [...deps.news]
    for (const { id } of deps.news) this.#received.add(id)
  }

  /** Keeps news for the next round that needs some. Ignores a known id. */
  feed(news: News): void {
    if (this.#received.has(news.id) || this.#news.length >= MAX_NEWS_WAITING) return
    this.#received.add(news.id)
    this.#news.push(news)
    this.#arrived.resolve()
  }

  stop(): void {
    this.#ended.abort()
  }

  /** Resolves at the end of the game, or after `stop`. Rejects with `SessionLost`. */
  async play(): Promise<void> {
    const { signal } = this.#ended
    const steps = game(this.#deps.options)
    try {
      let reply: Reply = null
      for (let next = steps.next(reply); !next.done; next = steps.next(reply)) {
        reply = await this.#take(next.value)
        signal.throwIfAborted()
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  async #take(step: Step): Promise<Reply> {
    switch (step.kind) {
      case 'emit':
        await this.#emit(step.subject, step.data)
        return null
      case 'ask':
        return { kind: 'answer', answer: await this.#answer(step.question) }
      case 'news':
        return { kind: 'news', content: await this.#nextNews() }
    }
  }

  get #isReplaying(): boolean {
    return this.#number < this.#deps.stored
  }

  async #emit(subject: string, data: unknown): Promise<void> {
    const isReplaying = this.#isReplaying
    this.#number += 1
    if (isReplaying) {
      const index = this.#find((event) => event.subject === subject)
      if (index === null) throw new SessionLost(`the log does not hold ${subject}, event ${this.#number} of this game`)
      this.#read = index + 1
      return
    }
    await this.#publish(subject, JSON.stringify(data))
    if (/\.output$|^event\.|^phase\.|^round\./.test(subject)) await this.#rest(this.#deps.paceMs)
  }

  /** Tries until the server has stored the event. */
  async #publish(subject: string, data: string): Promise<void> {
    const { bus, sessionId, engineId } = this.#deps
    const id = eventMark(engineId, this.#number)
    for (let wait = 50; ; wait = Math.min(MAX_RETRY_DELAY_MS, wait * 2)) {
      try {
        const answer = await bus.request(arenaSubject(sessionId, subject), data, { timeoutMs: ACK_TIMEOUT_MS, id })
        const { status } = answer.json as EventAnswer
        if (status === 'ok') return
        throw new SessionLost('another engine has this session')
      } catch (error) {
        if (!(error instanceof BusError) || !isPassing(error)) throw error
      }
      await this.#rest(wait)
    }
  }

  async #answer(question: Question): Promise<AgentAnswer> {
    if (this.#isReplaying) {
      const subject = `agent.${question.contestant.id}.output`
      const index = this.#find((event) => event.subject === subject)
      const data = index === null ? null : (this.#deps.log[index]?.data as { data?: AgentAnswer } | null)
      if (data?.data) return data.data
    }
    return this.#deps.agent.answer(question, this.#ended.signal)
  }

  async #nextNews(): Promise<string> {
    if (this.#isReplaying) {
      const index = this.#find((event) => event.subject === 'round.start')
      const data = index === null ? null : (this.#deps.log[index]?.data as { fake_news?: string } | null)
      if (data?.fake_news !== undefined) return data.fake_news
    }
    for (;;) {
      const news = this.#news.shift()
      if (news) return news.content
      this.#arrived = Promise.withResolvers<void>()
      await Promise.race([this.#arrived.promise, aborted(this.#ended.signal)])
      this.#ended.signal.throwIfAborted()
    }
  }

  #find(is: (event: ArenaEvent) => boolean): number | null {
    const { log } = this.#deps
    for (let index = this.#read; index < log.length; index++) {
      const event = log[index]
      if (event && is(event)) return index
    }
    return null
  }

  async #rest(ms: number): Promise<void> {
    const { signal } = this.#ended
    if (ms > 0) await pause(ms, signal)
    signal.throwIfAborted()
  }
}

const isPassing = ({ code }: BusError) => code === 'UNAVAILABLE' || code === 'NO_RESPONDERS' || code === 'TIMEOUT'

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
