// The messages between nodes about the people of a room. Each node sends its whole list with every heartbeat, and only the
// differences in between. Nodes of older versions send and understand whole lists only.
import { Id, type RosterChange } from '@tablecast/contracts'
import type { Subscription } from '@tablecast/bus'
import { z } from 'zod'
import type { NodeChannel } from '../../cluster/node-channel.ts'
import type { Life, NodeLife } from '../../cluster/node-life.ts'
import { PresentPerson, PresentPersonFields } from './presence-person.ts'

const News = z.array(z.object({ type: z.enum(['player_joined', 'player_left']), userId: Id }))

/** `seq`: the number of differences that the sender has published for the room. Nodes of older versions leave it out. */
const RosterMessage = z.object({
  node: z.string(),
  /** A node that begins to listen, or has missed something, asks for the lists of the others. */
  asks: z.boolean(),
  /** A member who must take a snapshot, on any node. */
  resync: Id.nullable(),
  /** For nodes of older versions. */
  news: News,
  people: z.array(PresentPerson),
  unlisted: z.number().default(0),
  seq: z.number().nullable().default(null),
})
export type RosterMessage = z.infer<typeof RosterMessage>
export type News = z.infer<typeof News>

const ChangeMessage = z.object({
  node: z.string(),
  seq: z.number(),
  joined: z.array(PresentPerson),
  changed: z.array(PresentPersonFields),
  gone: z.array(Id),
  unlisted: z.number(),
})
export type ChangeMessage = z.infer<typeof ChangeMessage>

export type PresenceListener = { roster(message: RosterMessage): void; change(message: ChangeMessage): void }

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
    const rosters = this.#others.subscribe(rosterSubject(roomId), ({ json }) => {
      const message = RosterMessage.safeParse(json)
      if (message.success) listener.roster(message.data)
    })
    const changes = this.#others.subscribe(changeSubject(roomId), ({ json }) => {
      const message = ChangeMessage.safeParse(json)
      if (message.success) listener.change(message.data)
    })
    this.#rooms.set(roomId, [rosters, changes])
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
  sendRoster(roomId: string, message: Omit<RosterMessage, 'node'>): void {
    this.#others.publish(rosterSubject(roomId), message)
  }

  sendChange(roomId: string, seq: number, change: RosterChange<PresentPerson>): void {
    this.#others.publish(changeSubject(roomId), { seq, ...change })
  }

  [Symbol.dispose](): void {
    for (const roomId of this.followed) this.unfollow(roomId)
  }
}

const rosterSubject = (roomId: string): string => `tablecast.presence.${roomId}`
/** A subject of its own: nodes of older versions would take a difference for the whole list. */
const changeSubject = (roomId: string): string => `tablecast.presence.${roomId}.changes`
