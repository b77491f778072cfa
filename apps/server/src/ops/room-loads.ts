// Which rooms are followed on this node, by how many, and how much happens in them.
import { parseStreamId, type RoomLoad, roomStream } from '@tablecast/contracts'
import type { Channel } from '@tablecast/hub'

export type RoomLoadsParts = {
  /** How many follow each room here. */
  followers(): Iterable<readonly [roomId: string, count: number]>
  /** The open channels of this node. */
  channels(): Iterable<Pick<Channel, 'id' | 'head'>>
  nameOf(roomId: string): Promise<string | null>
  failed(error: unknown): void
  now?: () => number
}

const TOP = 20
const audiences = ['dm', 'player'] as const
/** Names are read again after so long. */
const NAME_MS = 60_000

export class RoomLoads {
  readonly #parts: Required<RoomLoadsParts>
  readonly #names = new Map<string, { name: string | null; readAt: number }>()
  #last: { at: number; heads: ReadonlyMap<string, number> } | null = null

  constructor(parts: RoomLoadsParts) {
    this.#parts = { now: () => performance.now(), ...parts }
  }

  /** Those with the most followers. Events are counted since the last call; the first one tells of none. */
  measure(): RoomLoad[] {
    const at = this.#parts.now()
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
    const top = [...this.#parts.followers()].toSorted(([, a], [, b]) => b - a).slice(0, TOP)
    this.#forgetNames(new Set(top.map(([id]) => id)))
    return top.map(([id, followers]) => ({
      id,
      name: this.#nameOf(id, at),
      followers,
      eventsPerSecond: eventsPerSecond(id),
    }))
  }

  /** The newest event for each audience of each room; what DMs alone hear counts too, whispers do not. */
  #heads(): Map<string, number> {
    const heads = new Map<string, number>()
    for (const { id, head } of this.#parts.channels()) {
      const stream = parseStreamId(id)
      if (stream?.kind === 'room' && typeof stream.audience === 'string') heads.set(id, head)
    }
    return heads
  }

  /** A report does not wait for the database: a name that is not known is in the next one. */
  #nameOf(id: string, at: number): string | null {
    const known = this.#names.get(id)
    if (!known || at - known.readAt > NAME_MS) {
      this.#names.set(id, { name: known?.name ?? null, readAt: at })
      this.#parts.nameOf(id).then(
        (name) => void this.#names.set(id, { name, readAt: at }),
        (error: unknown) => this.#parts.failed(error),
      )
    }
    return known?.name ?? null
  }

  #forgetNames(kept: ReadonlySet<string>): void {
    for (const id of this.#names.keys()) if (!kept.has(id)) this.#names.delete(id)
  }
}
