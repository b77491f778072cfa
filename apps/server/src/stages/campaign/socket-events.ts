// Sends a room's events and presence to a plain socket.
import type { Audience, PresenceEvent, TablecastError } from '@tablecast/contracts'
import type { Channel, HubEvent } from '@tablecast/hub'
import type { WebSocket } from 'ws'
import { isAnonymous, type RoomAccess, type RoomListener } from '../../rooms/room-access.ts'
import type { RoomStreams } from '../../rooms/room-streams.ts'
import { closeWithError, closeWith } from '../../transport/close-socket.ts'
import type { PlainServing } from '../../transport/plain-socket.ts'
import { type SinkOwner, SocketSink, type WireForm } from '../../transport/socket-sink.ts'
import { type Tally, tallyOf } from '../../transport/stage-meter.ts'
import type { PlainFeeds } from './plain-feed.ts'
import type { Person, PresenceConnection } from './presence-here.ts'
import type { PresenceBoard } from './presence.ts'
import type { SocketCaller } from './socket-caller.ts'

export type SocketEventsDeps = Pick<PlainServing, 'connections' | 'maxBufferedBytes'> & {
  feeds: PlainFeeds
  presence: PresenceBoard
  access: RoomAccess
  roomStreams: RoomStreams
}

const feedForm: WireForm = { form: 'plain', encode: ({ text }) => text }

/** Players get joins, leaves and heartbeats. DMs also get the status of players. In a crowd a count takes the place of the roster. */
const presenceForm = (audience: Audience): WireForm => ({
  form: `plain-presence:${audience}`,
  encode({ text }: HubEvent) {
    // Our own text.
    const event = JSON.parse(text) as PresenceEvent
    if (event.type === 'resync') return ''
    if (event.type === 'player_status' && (audience === 'player' || event.count !== undefined)) return ''
    if (!('count' in event)) return text
    const { type, timestamp, count } = event
    return JSON.stringify({ type, timestamp, count })
  },
})

const presenceForms: Record<Audience, WireForm> = { dm: presenceForm('dm'), player: presenceForm('player') }

/** Sends the room's events to the socket until it closes or its owner is removed from the room. Throws ROOM_FULL, NOT_A_MEMBER. */
export async function sendEvents(
  deps: SocketEventsDeps,
  socket: WebSocket,
  person: SocketCaller,
  audience: Audience,
): Promise<void> {
  const { roomId, userId, name, role } = person
  const follower = new Follower(deps, socket, { roomId, userId, audience })
  deps.connections.hold(socket, follower)
  try {
    follower.begin()
    if (!isAnonymous(userId)) await deps.roomStreams.assertStillMember(person)
    await follower.follow({ userId, name, role })
  } catch (error) {
    follower[Symbol.dispose]()
    throw error
  }
}

/** The registrations of a plain socket. They last as long as the connection, so they keep nothing of its request. */
class Follower implements RoomListener, SinkOwner, Disposable {
  readonly userId: string
  readonly audience: Audience
  readonly #deps: SocketEventsDeps
  readonly #socket: WebSocket
  readonly #roomId: string
  /** In the order in which they were taken. */
  #held: readonly Disposable[] = []
  #presence: PresenceConnection | null = null
  #isOver = false

  constructor(
    deps: SocketEventsDeps,
    socket: WebSocket,
    { roomId, userId, audience }: { roomId: string; userId: string; audience: Audience },
  ) {
    this.userId = userId
    this.audience = audience
    this.#deps = deps
    this.#socket = socket
    this.#roomId = roomId
  }

  /** Call it before the membership is confirmed: a removal before it ended nothing. */
  begin(): void {
    // It would never be taken out.
    if (this.#isOver) return
    this.#hold(this.#deps.roomStreams.follow(this.#roomId))
    this.#deps.access.addListener(this.#roomId, this)
  }

  async follow(person: Person): Promise<void> {
    const feed = await this.#deps.feeds.open(this.#roomId)
    this.#hold(feed)
    const board = this.#deps.presence.fullRosterChannel(this.#roomId, this.audience)
    if (this.#isOver || this.#socket.readyState !== this.#socket.OPEN) return this[Symbol.dispose]()
    const tally = tallyOf(feed.channel, 'plain')
    this.#subscribe(feed.channel, feed.after, feedForm, tally)
    this.#subscribe(board, board.head, presenceForms[this.audience], tally)
    this.#presence = this.#deps.presence.connect(this.#roomId, person)
  }

  /** Someone removed the owner, or changed their role. */
  end(reason: TablecastError | null): void {
    this[Symbol.dispose]()
    if (reason) closeWithError(this.#socket, reason.code)
    else closeWith(this.#socket, 1012, 'role_changed', 'your role has changed: come again')
  }

  /** The log can't be read. */
  closed(): void {
    this.#socket.close(1013, 'try again')
  }

  [Symbol.dispose](): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#deps.access.removeListener(this.#roomId, this)
    this.#presence?.leave()
    const held = this.#held
    this.#held = []
    for (const one of held.toReversed()) one[Symbol.dispose]()
  }

  #subscribe(channel: Channel, after: number | null, wire: WireForm, tally: Tally): void {
    const { maxBufferedBytes } = this.#deps
    const sink = new SocketSink({ socket: this.#socket, wire, maxBufferedBytes, tally, owner: this })
    const cursor = channel.subscribe(sink, after)
    sink.follow(cursor)
    this.#hold(cursor)
  }

  #hold(held: Disposable): void {
    if (this.#isOver) held[Symbol.dispose]()
    else this.#held = this.#held.concat(held)
  }
}
