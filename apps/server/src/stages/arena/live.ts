// The sessions in the hub: a spectator gets the session so far, then what happens.
import { arenaStream, parsePosition } from '@tablecast/contracts'
import type { Channel } from '@tablecast/hub'
import type { Store } from '@tablecast/store'
import type { NodeEvents } from '../../cluster/node-events.ts'

/** A newcomer gets so many of the newest events at the most. */
const MAX_REPLAY = 5_000
const PAGE = 200
/** A hint that was lost is made up for. */
const LOOK_MS = 15_000

export class ArenaLive {
  readonly #store: Store
  readonly #nodes: NodeEvents
  readonly #expected = new Map<string, Set<() => void>>()

  constructor(store: Store, nodes: NodeEvents) {
    this.#store = store
    this.#nodes = nodes
  }

  /**
   * The channel of a session and the seq after which a client goes on. Spectators may come before the session: this waits
   * until there is one, and answers null when `signal` aborts first.
   */
  async join(
    sessionId: string,
    lastEventId: string | null | undefined,
    signal: AbortSignal,
  ): Promise<{ channel: Channel; after: number } | null> {
    const found = (await this.#find(sessionId)) ?? (await this.#appearance(sessionId, signal))
    if (!found || signal.aborted) return null
    const channel = await this.#nodes.hub.open(
      arenaStream(sessionId),
      async () => (await this.#find(sessionId)) ?? found,
      { policy: { kind: 'resume', recover: (after) => this.#since(sessionId, after ?? 0) } },
    )
    const position = parsePosition(lastEventId)
    const isKnown = position?.epoch === channel.epoch && position.seq <= channel.head
    const from = isKnown ? position.seq : channel.head - MAX_REPLAY
    return { channel, after: Math.max(from, found.firstSeq) }
  }

  /** A session was made; whoever waits for it goes on. */
  appeared(sessionId: string): void {
    for (const wake of this.#expected.get(sessionId) ?? []) wake()
  }

  #find(sessionId: string): Promise<{ epoch: string; head: number; firstSeq: number } | null> {
    return this.#store.read(async ({ arena, streams }) => {
      const stream = await streams.find(arenaStream(sessionId))
      const row = await arena.get(sessionId)
      return stream && row && { epoch: stream.epoch, head: stream.head, firstSeq: row.firstSeq }
    })
  }

  async #since(sessionId: string, after: number) {
    const events = await this.#store.read(({ streams }) => streams.since(arenaStream(sessionId), after, PAGE))
    return { kind: 'events' as const, events }
  }

  /** Nothing is stored for an id that somebody made up. */
  async #appearance(sessionId: string, signal: AbortSignal) {
    const gone = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    let news = Promise.withResolvers<void>()
    const wake = () => news.resolve()
    const waiting = this.#expected.get(sessionId) ?? new Set()
    this.#expected.set(sessionId, waiting.add(wake))
    const deafen = this.#nodes.listen(arenaStream(sessionId), wake)
    try {
      while (!signal.aborted) {
        const found = await this.#find(sessionId)
        if (found) return found
        const look = setTimeout(wake, LOOK_MS)
        await Promise.race([news.promise, gone])
        clearTimeout(look)
        news = Promise.withResolvers()
      }
      return null
    } finally {
      deafen()
      waiting.delete(wake)
      if (waiting.size === 0) this.#expected.delete(sessionId)
    }
  }
}
