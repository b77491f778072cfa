// A subscription of a member to a room. It ends when the member's token expires, and before the next event when the member is
// removed.
import { audienceOf, TablecastError } from '@tablecast/contracts'
import type { KeyedCount } from '../transport/limits.ts'
import { ChannelStream, type StreamScope, type StreamSource } from '../transport/stream.ts'
import type { Context, Membership } from '../trpc.ts'
import type { RoomAccess } from './room-access.ts'
import type { Rooms } from './rooms.ts'

export type RoomStreamsDeps = {
  rooms: Rooms
  access: RoomAccess
  /** Counts the followers of each room's events, on all kinds of connections. */
  followers: KeyedCount
  maxBufferedBytes: number
}

export type RoomStreamOptions = Omit<StreamSource, 'maxBufferedBytes'>

type Caller = Pick<Context, 'session' | 'limits'> & { member: Membership }

export class RoomStreams {
  readonly #deps: RoomStreamsDeps

  constructor(deps: RoomStreamsDeps) {
    this.#deps = deps
  }

  /** The body of a subscription. `open` returns the channel to follow. Fails with RATE_LIMITED, NOT_A_MEMBER. */
  stream<E>(
    { member, session, limits }: Caller,
    signal: AbortSignal | undefined,
    open: (stream: StreamScope) => Promise<RoomStreamOptions>,
  ): ChannelStream<E> {
    const { access, maxBufferedBytes } = this.#deps
    return new ChannelStream<E>({
      session,
      signal,
      open: async (stream) => {
        stream.hold(limits.subscribe())
        const source = await open(stream)
        stream.hold(access.addListener(member.roomId, member, (reason) => stream.end(reason)))
        await this.assertStillMember(member)
        return { ...source, maxBufferedBytes }
      },
    })
  }

  /**
   * Call it after `RoomAccess.addListener`, because a removal before that ended nothing. Throws NOT_A_MEMBER, or UNAVAILABLE for a
   * changed role.
   */
  async assertStillMember({ roomId, userId, role }: Pick<Membership, 'roomId' | 'userId' | 'role'>): Promise<void> {
    const now = await this.#deps.rooms.membership(roomId, userId)
    if (audienceOf(now.role) !== audienceOf(role))
      throw new TablecastError('UNAVAILABLE', 'Your role in this room has just changed: try again.')
  }

  /** Counts one more follower of the room, until the returned function is called. Throws ROOM_FULL. */
  follow(roomId: string): () => void {
    const { followers } = this.#deps
    const release = followers.take(roomId)
    if (!release) throw new TablecastError('ROOM_FULL', `The room has ${followers.max} connections already: try later.`)
    return release
  }
}
