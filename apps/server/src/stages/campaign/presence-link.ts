// Presence between the nodes: each node sends its own people of a room to the others, after a change and with every heartbeat.
import { Applied, DisplayName, Id, PlayerStatus, Role } from '@tablecast/contracts'
import type { Subscription } from '@tablecast/bus'
import { z } from 'zod'
import type { NodeChannel } from '../../cluster/node-channel.ts'

const PresenceMessage = z.object({
  node: z.string(),
  /** The sender has just begun to follow the room, and asks the others for their people. */
  asks: z.boolean(),
  /** The id of a user whose pages must take a new snapshot, on every node. */
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
export type PresenceMessage = z.infer<typeof PresenceMessage>
export type TellOptions = Partial<Pick<PresenceMessage, 'asks' | 'resync' | 'news'>>

export class PresenceLink implements Disposable {
  readonly #others: NodeChannel
  readonly #rooms = new Map<string, Subscription>()

  constructor(others: NodeChannel) {
    this.#others = others
  }

  /**
   * Calls back with the messages of other nodes about a room. Returns false if the room is already followed, or there are no
   * other nodes.
   */
  follow(roomId: string, received: (message: PresenceMessage) => void): boolean {
    if (this.#others.isAlone || this.#rooms.has(roomId)) return false
    const subscription = this.#others.hear(subjectOf(roomId), ({ json }) => {
      const message = PresenceMessage.safeParse(json)
      if (message.success) received(message.data)
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

  /** Sends nothing while the bus is unreachable. The next heartbeat makes up for it. */
  tell(
    roomId: string,
    people: PresenceMessage['people'],
    { asks = false, resync = null, news = [] }: TellOptions = {},
  ): void {
    this.#others.tell(subjectOf(roomId), { asks, resync, news, people })
  }

  [Symbol.dispose](): void {
    for (const roomId of this.followed) this.unfollow(roomId)
  }
}

const subjectOf = (roomId: string): string => `tablecast.presence.${roomId}`
