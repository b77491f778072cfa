// The games in the hub: a spectator gets the events of the game so far, then the live ones.
import { arenaStream, parsePosition } from '@tablecast/contracts'
import type { Channel } from '@tablecast/hub'
import type { Store } from '@tablecast/store'
import type { NodeEvents } from '../../cluster/node-events.ts'

/** A new spectator gets at most this number of the newest events. */
const MAX_REPLAY = 5_000
const PAGE_SIZE = 200
/** Another node's message about a new game can get lost. A waiting spectator looks in the database this often. */
const POLL_INTERVAL_MS = 15_000

export class ArenaLive {
  readonly #store: Store
  readonly #nodes: NodeEvents
  readonly #expected = new Map<string, Set<() => void>>()

  constructor(store: Store, nodes: NodeEvents) {
    this.#store = store
    this.#nodes = nodes
  }

  /**
   * The channel of a game, and the seq after which the client reads. Spectators may come before the game: this waits until the
   * game exists, and returns null when `signal` aborts first.
   */
  async join(
    sessionId: string,
    lastEventId: string | null | undefined,
    signal: AbortSignal,
  ): Promise<{ channel: Channel; after: number } | null> {
    const found = (await this.#find(sessionId)) ?? (await this.#waitFor(sessionId, signal))
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

  /** To be called when a game was stored: wakes the spectators that wait for it. */
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
    const events = await this.#store.read(({ streams }) => streams.since(arenaStream(sessionId), after, PAGE_SIZE))
    return { kind: 'events' as const, events }
  }

  /** Waits in memory only, so that a made-up id stores nothing. */
  async #waitFor(sessionId: string, signal: AbortSignal) {
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    let woken = Promise.withResolvers<void>()
    const wake = () => woken.resolve()
    const waiting = this.#expected.get(sessionId) ?? new Set()
    this.#expected.set(sessionId, waiting.add(wake))
    const stopListening = this.#nodes.listen(arenaStream(sessionId), wake)
    try {
      while (!signal.aborted) {
        const found = await this.#find(sessionId)
        if (found) return found
        const poll = setTimeout(wake, POLL_INTERVAL_MS)
        await Promise.race([woken.promise, aborted])
        clearTimeout(poll)
        woken = Promise.withResolvers()
      }
      return null
    } finally {
      stopListening()
      waiting.delete(wake)
      if (waiting.size === 0) this.#expected.delete(sessionId)
    }
  }
}
