// A presence board of a room on a bus of its own, and a client that folds what it receives.
import { type Bus, MemoryBus } from '@tablecast/bus'
import {
  type Applied,
  type Audience,
  emptyRoster,
  foldPresence,
  type LiveRoster,
  type PresenceEvent,
} from '@tablecast/contracts'
import type { Batch } from '@tablecast/hub'
import { vi } from 'vitest'
import { NodeChannel } from '../../cluster/node-channel.ts'
import { NodeLife } from '../../cluster/node-life.ts'
import { resumePoint } from '../../transport/resume-point.ts'
import { PresenceLink } from './presence-link.ts'
import { realTimers } from './presence-timers.ts'
import { PresenceBoard } from './presence.ts'

export const ROOM = 'room-1'
export const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
export const ids = (count: number) => Array.from({ length: count }, (_, n) => n)
export const spectator = (n: number) => ({ userId: `watcher-${n}`, name: `Watcher ${n}`, role: 'spectator' as const })
export const player = (n: number) => ({ userId: `player-${n}`, name: `Player ${n}`, role: 'player' as const })
/** A caller of the plain sockets without a membership. */
export const anonymous = (n: number) => ({ userId: `plain-${n}`, name: 'Guest', role: 'player' as const })
export const applied: Applied = { epoch: 'e', seq: 1, hash: 'h', transport: 'websocket', visible: true, healed: 0 }

/** A memory bus that counts as one between nodes. */
export class SharedBus implements Bus {
  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#bus[Symbol.asyncDispose]()
  }

  readonly kind = 'nats'
  readonly url = null
  readonly isConnected = true
  readonly #bus = new MemoryBus()
  /** Loses what is published. */
  isDeaf = false
  publish: Bus['publish'] = (subject, data, options) => {
    if (!this.isDeaf) this.#bus.publish(subject, data, options)
  }
  subscribe: Bus['subscribe'] = (pattern, handle, options) => this.#bus.subscribe(pattern, handle, options)
  request: Bus['request'] = (subject, data, options) => this.#bus.request(subject, data, options)
  flush = () => this.#bus.flush()
  follow: Bus['follow'] = (source, handle) => this.#bus.follow(source, handle)
  watch: Bus['watch'] = () => this.#bus.watch()
}

export class Client {
  bytes = 0
  largest = 0
  events: PresenceEvent[] = []
  roster: LiveRoster
  #detach: () => void = () => {}

  constructor(roster: LiveRoster = emptyRoster) {
    this.roster = roster
  }

  listen(board: PresenceBoard, audience: Audience): this {
    const channel = board.channel(ROOM, audience)
    const cursor = channel.subscribe(this, resumePoint(channel, this.roster.at))
    this.#detach = () => cursor.detach()
    return this
  }

  stop(): void {
    this.#detach()
  }

  write({ events }: Batch): boolean {
    for (const { text } of events) {
      this.bytes += text.length
      this.largest = Math.max(this.largest, text.length)
      const event = JSON.parse(text) as PresenceEvent
      this.events.push(event)
      this.roster = foldPresence(this.roster, event)
    }
    return true
  }

  close(): void {}

  of(type: PresenceEvent['type']): PresenceEvent[] {
    return this.events.filter((event) => event.type === type)
  }
}

export function openBoard(bus: Bus = new MemoryBus(), life?: NodeLife) {
  const others = new NodeChannel({ bus, failed() {} })
  const link = new PresenceLink(others, life ?? new NodeLife({ others, timers: realTimers }))
  const board = new PresenceBoard({ head: () => ({ epoch: 'e', seq: 1 }) }, link, () => undefined)
  return board
}
