// Who is where, between the nodes: each tells its own people of a room when something changes, and with every heartbeat.
import { Applied, DisplayName, Id, PlayerStatus, Role } from '@tablecast/contracts'
import type { Subscription } from '@tablecast/bus'
import { z } from 'zod'
import type { NodeChannel } from '../../cluster/node-channel.ts'

const Told = z.object({
  node: z.string(),
  /** A node that has just begun to listen asks for what the others know. */
  asks: z.boolean(),
  /** Somebody who has to take a snapshot, wherever they are. */
  resync: Id.nullable(),
  news: z.array(z.object({ type: z.enum(['player_joined', 'player_left']), userId: Id })),
  people: z.array(
    z.object({
      userId: Id,
      name: DisplayName,
      role: Role,
      connections: z.number(),
      status: PlayerStatus,
      since: z.number(),
      applied: Applied.nullable(),
      rttMs: z.number().nullable(),
    }),
  ),
})
export type Told = z.infer<typeof Told>
export type TellOptions = Partial<Pick<Told, 'asks' | 'resync' | 'news'>>

export class PresenceLink implements Disposable {
  readonly #others: NodeChannel
  readonly #rooms = new Map<string, Subscription>()

  constructor(others: NodeChannel) {
    this.#others = others
  }

  /** What other nodes tell of a room, from now on. A room that is followed already is left as it is: false. */
  follow(roomId: string, heard: (told: Told) => void): boolean {
    if (this.#others.isAlone || this.#rooms.has(roomId)) return false
    const subscription = this.#others.hear(subjectOf(roomId), ({ json }) => {
      const told = Told.safeParse(json)
      if (told.success) heard(told.data)
    })
    this.#rooms.set(roomId, subscription)
    return true
  }

  get followed(): string[] {
    return [...this.#rooms.keys()]
  }

  unfollow(roomId: string): void {
    this.#rooms.get(roomId)?.close()
    this.#rooms.delete(roomId)
  }

  /** While the bus is away nothing is told; the next heartbeat makes up for it. */
  tell(roomId: string, people: Told['people'], { asks = false, resync = null, news = [] }: TellOptions = {}): void {
    this.#others.tell(subjectOf(roomId), { asks, resync, news, people })
  }

  [Symbol.dispose](): void {
    for (const roomId of this.followed) this.unfollow(roomId)
  }
}

const subjectOf = (roomId: string): string => `tablecast.presence.${roomId}`
