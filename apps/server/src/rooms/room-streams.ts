// A subscription of a member to a room. It ends when the member's token expires, and before the next event when the member is
// removed.
import { type Audience, audienceOf, TablecastError } from '@tablecast/contracts'
import type { ScreenLinkRow } from '@tablecast/store'
import type { ConnectionLimits } from '../transport/connection-limits.ts'
import type { KeyedCount } from '../transport/limits.ts'
import { ChannelStream, type StreamScope, type StreamSource } from '../transport/stream.ts'
import type { Context, Membership } from '../trpc.ts'
import type { Memberships } from './memberships.ts'
import type { RoomAccess, RoomListener } from './room-access.ts'
import { type ScreenLinks, invalidScreenLink } from './screen-links.ts'

export type RoomStreamsDeps = {
  memberships: Pick<Memberships, 'get'>
  screens: Pick<ScreenLinks, 'assertStillThere'>
  access: RoomAccess
  /** Counts the followers of each room's events, on all kinds of connections. */
  followers: KeyedCount
  maxBufferedBytes: number
}

export type RoomStreamOptions = Omit<StreamSource, 'maxBufferedBytes'>

type Connected = Pick<Context, 'session' | 'limits'>
type Opening = (stream: StreamScope) => Promise<RoomStreamOptions>
/** A member, or a screen by the id of its link. */
type Reader = { roomId: string; userId: string; audience: Audience; isScreen: boolean }

export class RoomStreams {
  readonly #deps: RoomStreamsDeps

  constructor(deps: RoomStreamsDeps) {
    this.#deps = deps
  }

  /** The body of a subscription. `open` returns the channel to follow. Fails with RATE_LIMITED, NOT_A_MEMBER. */
  stream<E>(
    { member, ...connected }: Connected & { member: Membership },
    signal: AbortSignal | undefined,
    open: Opening,
  ): ChannelStream<E> {
    const { roomId, userId, role } = member
    const reader = { roomId, userId, audience: audienceOf(role), isScreen: false }
    return this.#stream(reader, connected, signal, open, () => this.assertStillMember(member))
  }

  /** The same for a screen, which is no member. Fails with RATE_LIMITED, SCREEN_LINK_INVALID. */
  screen<E>(
    { link, ...connected }: Connected & { link: ScreenLinkRow },
    signal: AbortSignal | undefined,
    open: Opening,
  ): ChannelStream<E> {
    const { id, roomId } = link
    const reader = { roomId, userId: id, audience: 'player' as const, isScreen: true }
    return this.#stream(reader, connected, signal, open, () => this.#deps.screens.assertStillThere({ id, roomId }))
  }

  #stream<E>(
    reader: Reader,
    { session, limits }: Connected,
    signal: AbortSignal | undefined,
    open: Opening,
    confirm: () => Promise<void>,
  ): ChannelStream<E> {
    const { access, maxBufferedBytes } = this.#deps
    return new ChannelStream<E>({
      session,
      signal,
      open: async (stream) => {
        limits.addSubscription()
        const listening = new Listening(reader, { stream, limits, access })
        stream.hold(listening)
        const source = await open(stream)
        listening.begin()
        await confirm()
        return { ...source, maxBufferedBytes }
      },
    })
  }

  /**
   * Call it after `RoomAccess.addListener`, because a removal before that ended nothing. Throws NOT_A_MEMBER, or UNAVAILABLE for a
   * changed role.
   */
  async assertStillMember({ roomId, userId, role }: Pick<Membership, 'roomId' | 'userId' | 'role'>): Promise<void> {
    const now = await this.#deps.memberships.get(roomId, userId)
    if (audienceOf(now.role) !== audienceOf(role))
      throw new TablecastError('UNAVAILABLE', 'Your role in this room has just changed: try again.')
  }

  /** Counts one more follower of the room, until the returned value is disposed of. Throws ROOM_FULL. */
  follow(roomId: string): Disposable {
    const { followers } = this.#deps
    if (!followers.add(roomId))
      throw new TablecastError('ROOM_FULL', `The room has ${followers.max} connections already: try later.`)
    return new Following(roomId, followers)
  }
}

// The next two last as long as a subscription, so they keep the few values that they need, and nothing else of the call.

/** The registrations of a subscription to a room. */
class Listening implements RoomListener, Disposable {
  readonly userId: string
  readonly audience: Audience
  readonly #roomId: string
  readonly #isScreen: boolean
  readonly #stream: StreamScope
  readonly #limits: ConnectionLimits
  readonly #access: RoomAccess

  constructor(
    { roomId, userId, audience, isScreen }: Reader,
    { stream, limits, access }: { stream: StreamScope; limits: ConnectionLimits; access: RoomAccess },
  ) {
    this.userId = userId
    this.audience = audience
    this.#roomId = roomId
    this.#isScreen = isScreen
    this.#stream = stream
    this.#limits = limits
    this.#access = access
  }

  /** Does nothing for a stream that is over already, which would never take the listener out. */
  begin(): void {
    if (!this.#stream.isOver) this.#access.addListener(this.#roomId, this)
  }

  end(reason: TablecastError | null): void {
    this.#stream.end(reason && this.#isScreen ? invalidScreenLink() : reason)
  }

  [Symbol.dispose](): void {
    this.#access.removeListener(this.#roomId, this)
    this.#limits.removeSubscription()
  }
}

class Following implements Disposable {
  readonly #roomId: string
  readonly #followers: KeyedCount

  constructor(roomId: string, followers: KeyedCount) {
    this.#roomId = roomId
    this.#followers = followers
  }

  [Symbol.dispose](): void {
    this.#followers.remove(this.#roomId)
  }
}
