// The messages between nodes about the people of a room. Each node sends its whole list with every heartbeat, and only the
// differences in between. Nodes of older versions send and understand whole lists only.
import { Id, type RosterChange } from '@tablecast/contracts'
import type { Subscription } from '@tablecast/bus'
import { z } from 'zod'
import type { NodeChannel } from '../../cluster/node-channel.ts'
import type { Life, NodeLife } from '../../cluster/node-life.ts'
import { Known, KnownFields } from './presence-known.ts'

const News = z.array(z.object({ type: z.enum(['player_joined', 'player_left']), userId: Id }))

/** `seq`: the number of differences that the sender has published for the room. Nodes of older versions leave it out. */
const Whole = z.object({
  node: z.string(),
  /** A node that begins to listen, or has missed something, asks for the lists of the others. */
  asks: z.boolean(),
  /** A member who must take a snapshot, on any node. */
  resync: Id.nullable(),
  /** For nodes of older versions. */
  news: News,
  people: z.array(Known),
  unlisted: z.number().default(0),
  seq: z.number().nullable().default(null),
})
export type Whole = z.infer<typeof Whole>
export type News = z.infer<typeof News>

const Change = z.object({
  node: z.string(),
  seq: z.number(),
  joined: z.array(Known),
  changed: z.array(KnownFields),
  gone: z.array(Id),
  unlisted: z.number(),
})
export type Change = z.infer<typeof Change>

export type PresenceListener = { whole(message: Whole): void; change(message: Change): void }

export class PresenceLink implements Disposable {
  readonly #others: NodeChannel
  readonly #life: Pick<NodeLife, 'of' | 'watch'>
  readonly #rooms = new Map<string, Subscription[]>()

  constructor(others: NodeChannel, life: Pick<NodeLife, 'of' | 'watch'>) {
    this.#others = others
    this.#life = life
  }

  get isAlone(): boolean {
    return this.#others.isAlone
  }

  lifeOf(node: string): Life {
    return this.#life.of(node)
  }

  /** `nodes`: the ids of the nodes whose people are known here. */
  watchNodes(nodes: () => Iterable<string>, changed: (node: string) => void): void {
    this.#life.watch(nodes, changed)
  }

  /** Listens to the other nodes. False when this node does that already, or is the only one. */
  follow(roomId: string, listener: PresenceListener): boolean {
    if (this.isAlone || this.#rooms.has(roomId)) return false
    const wholes = this.#others.subscribe(wholeSubject(roomId), ({ json }) => {
      const message = Whole.safeParse(json)
      if (message.success) listener.whole(message.data)
    })
    const changes = this.#others.subscribe(changeSubject(roomId), ({ json }) => {
      const message = Change.safeParse(json)
      if (message.success) listener.change(message.data)
    })
    this.#rooms.set(roomId, [wholes, changes])
    return true
  }

  get followed(): string[] {
    return [...this.#rooms.keys()]
  }

  unfollow(roomId: string): void {
    for (const subscription of this.#rooms.get(roomId) ?? []) subscription.close()
    this.#rooms.delete(roomId)
  }

  /** Sends nothing while the bus is disconnected; the next heartbeat makes up for it. */
  tellWhole(roomId: string, whole: Omit<Whole, 'node'>): void {
    this.#others.publish(wholeSubject(roomId), whole)
  }

  tellChange(roomId: string, seq: number, change: RosterChange<Known>): void {
    this.#others.publish(changeSubject(roomId), { seq, ...change })
  }

  [Symbol.dispose](): void {
    for (const roomId of this.followed) this.unfollow(roomId)
  }
}

const wholeSubject = (roomId: string): string => `tablecast.presence.${roomId}`
/** A subject of its own: nodes of older versions would take a difference for the whole list. */
const changeSubject = (roomId: string): string => `tablecast.presence.${roomId}.changes`
