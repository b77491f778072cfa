// Keeps one session of the arena live.
import { type ArenaEvent, formatPosition, parsePosition, type Position } from '@tablecast/contracts'
import { create } from 'zustand'
import { api } from '../../api.ts'
import { LinkKeeper } from '../../live/link-keeper.ts'
import { initialLink, type Link } from '../../live/link-machine.ts'
import { positionOf } from '../../live/position-of.ts'
import type { Feed } from '../../live/feed.ts'
import { emptyGame, foldArena, type GameState } from './game-state.ts'

type ArenaLive = {
  link: Link
  game: GameState
  position: Position | null
  heardAt: number
  received: number
}

const empty: ArenaLive = { link: initialLink, game: emptyGame, position: null, heardAt: 0, received: 0 }

export const useArena = create<ArenaLive>(() => empty)

export class SessionConnection {
  readonly #keeper: LinkKeeper

  constructor(sessionId: string) {
    useArena.setState({ ...empty })
    exposeProbe()
    this.#keeper = new LinkKeeper({
      // A game that waits for its master is silent. The transports notice a dead connection themselves.
      silenceMs: null,
      changed: (link) => useArena.setState({ link }),
      feed: () => {
        const { position } = useArena.getState()
        return sessionFeed(sessionId, position ? formatPosition(position) : null, {
          opened: () => this.#heard(),
          event: (id, event) => this.#event(id, event),
        })
      },
    })
    this.#keeper.start()
  }

  close(): void {
    this.#keeper.close()
  }

  #heard(): void {
    useArena.setState({ heardAt: Date.now() })
    this.#keeper.heard()
  }

  #event(id: string, event: ArenaEvent): void {
    const position = parsePosition(id)
    if (!position) return
    const { position: before, game, received } = useArena.getState()
    const isSame = before?.epoch === position.epoch
    if (!isSame || position.seq > before.seq)
      useArena.setState({
        position,
        received: received + 1,
        game: foldArena(before && !isSame ? emptyGame : game, id, event),
      })
    this.#heard()
  }
}

type Listener = { opened(): void; event(id: string, event: ArenaEvent): void }

function sessionFeed(sessionId: string, start: string | null, listener: Listener): Feed {
  let cursor = start
  return {
    subscribe: (client, watch) => [
      client.arena.events.subscribe(
        { sessionId, lastEventId: start },
        { ...watch, onStarted: () => listener.opened(), onData: ({ id, data }) => listener.event(id, data) },
      ),
    ],
    async poll(signal) {
      for (let more = true; more && !signal.aborted;) {
        const answer = await api.arena.since.query({ sessionId, cursor }, { signal })
        const { epoch } = positionOf(answer.cursor)
        for (const { seq, ...event } of answer.events) listener.event(formatPosition({ epoch, seq }), event)
        cursor = answer.cursor
        more = answer.more
      }
      listener.opened()
    },
  }
}

/** `window.tablecast()` returns what this tab has applied, for tests and bug reports. */
function exposeProbe(): void {
  const probe = () => {
    const { link, position, received, game } = useArena.getState()
    return {
      link: link.kind === 'live' ? link.transport : link.kind,
      seq: position?.seq ?? 0,
      received,
      round: game.round,
      alive: game.agents.filter(({ diedIn }) => diedIn === null).map(({ id }) => id),
    }
  }
  Object.assign(window, { tablecast: probe })
}
