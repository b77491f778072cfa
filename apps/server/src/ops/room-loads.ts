// The rooms that clients follow on this node, with their followers and their events per second.
import { parseStreamId, type RoomLoad, roomStream } from '@tablecast/contracts'
import type { Channel } from '@tablecast/hub'

export type RoomLoadsDeps = {
  /** The number of followers of each room on this node. */
  followers(): Iterable<readonly [roomId: string, count: number]>
  /** The open channels of this node. */
  channels(): Iterable<Pick<Channel, 'id' | 'head'>>
  nameOf(roomId: string): Promise<string | null>
  failed(error: unknown): void
  now?: () => number
}

const TOP = 20
const audiences = ['dm', 'player'] as const
/** The name of a room is read again after this time. */
const NAME_MAX_AGE_MS = 60_000

export class RoomLoads {
  readonly #deps: Required<RoomLoadsDeps>
  readonly #names = new Map<string, { name: string | null; readAt: number }>()
  #last: { at: number; heads: ReadonlyMap<string, number> } | null = null

  constructor(deps: RoomLoadsDeps) {
    this.#deps = { now: () => performance.now(), ...deps }
  }

  /** The 20 rooms with the most followers. Rates count events since the last call; the first call returns 0 for each. */
  measure(): RoomLoad[] {
    const at = this.#deps.now()
    const heads = this.#heads()
    const last = this.#last
    this.#last = { at, heads }
    const eventsPerSecond = (roomId: string): number => {
      if (!last || at <= last.at) return 0
      const events = audiences.map((audience) => {
        const [before, now] = [last.heads.get(roomStream(roomId, audience)), heads.get(roomStream(roomId, audience))]
        return before === undefined || now === undefined ? 0 : now - before
      })
      return Math.max(...events) / ((at - last.at) / 1_000)
    }
    const top = [...this.#deps.followers()].toSorted(([, a], [, b]) => b - a).slice(0, TOP)
    this.#forgetNames(new Set(top.map(([id]) => id)))
    return top.map(([id, followers]) => ({
      id,
      name: this.#nameOf(id, at),
      followers,
      eventsPerSecond: eventsPerSecond(id),
    }))
  }

  /** The newest `seq` of each room's DM and player streams. Streams of single members, with their whispers, are left out. */
  #heads(): Map<string, number> {
    const heads = new Map<string, number>()
    for (const { id, head } of this.#deps.channels()) {
      const stream = parseStreamId(id)
      if (stream?.kind === 'room' && typeof stream.audience === 'string') heads.set(id, head)
    }
    return heads
  }

  /** A report does not wait for the database. A name that is not known yet is in the next report. */
  #nameOf(id: string, at: number): string | null {
    const known = this.#names.get(id)
    if (!known || at - known.readAt > NAME_MAX_AGE_MS) {
      this.#names.set(id, { name: known?.name ?? null, readAt: at })
      this.#deps.nameOf(id).then(
        (name) => void this.#names.set(id, { name, readAt: at }),
        (error: unknown) => this.#deps.failed(error),
      )
    }
    return known?.name ?? null
  }

  #forgetNames(kept: ReadonlySet<string>): void {
    for (const id of this.#names.keys()) if (!kept.has(id)) this.#names.delete(id)
  }
}
