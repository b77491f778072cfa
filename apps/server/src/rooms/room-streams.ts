// A stream of a room for one of its members: it ends before the next event when they are removed, and with their token.
import { audienceOf, TablecastError } from '@tablecast/contracts'
import type { KeyedCount } from '../transport/limits.ts'
import { ChannelStream, type StreamScope, type StreamSource } from '../transport/stream.ts'
import type { Context, Membership } from '../trpc.ts'
import type { RoomAccess } from './room-access.ts'
import type { Rooms } from './rooms.ts'

export type RoomStreamsParts = {
  rooms: Rooms
  access: RoomAccess
  /** Who follows the events of a room, however they are connected. */
  followers: KeyedCount
  maxBufferedBytes: number
}

export type RoomStreamOptions = Omit<StreamSource, 'maxBufferedBytes'>

type Caller = Pick<Context, 'session' | 'limits'> & { member: Membership }

export class RoomStreams {
  readonly #parts: RoomStreamsParts

  constructor(parts: RoomStreamsParts) {
    this.#parts = parts
  }

  /** The body of a subscription: `open` says what is followed. Fails with RATE_LIMITED, NOT_A_MEMBER. */
  stream<E>(
    { member, session, limits }: Caller,
    signal: AbortSignal | undefined,
    open: (stream: StreamScope) => Promise<RoomStreamOptions>,
  ): ChannelStream<E> {
    const { access, maxBufferedBytes } = this.#parts
    return new ChannelStream<E>({
      session,
      signal,
      open: async (stream) => {
        stream.hold(limits.subscribe())
        const source = await open(stream)
        stream.hold(access.seat(member.roomId, member, (reason) => stream.end(reason)))
        await this.mayListen(member)
        return { ...source, maxBufferedBytes }
      },
    })
  }

  /** To be asked once their seat is taken: a removal before that did not end it. Throws NOT_A_MEMBER, or UNAVAILABLE for a changed role. */
  async mayListen({ roomId, userId, role }: Pick<Membership, 'roomId' | 'userId' | 'role'>): Promise<void> {
    const now = await this.#parts.rooms.membership(roomId, userId)
    if (audienceOf(now.role) !== audienceOf(role))
      throw new TablecastError('UNAVAILABLE', 'your role in this room has just changed: try again')
  }

  /** A place among those who follow the room. Throws ROOM_FULL. Returns what gives it back. */
  follow(roomId: string): () => void {
    const { followers } = this.#parts
    const release = followers.take(roomId)
    if (!release) throw new TablecastError('ROOM_FULL', `the room has ${followers.max} connections already: try later`)
    return release
  }
}
