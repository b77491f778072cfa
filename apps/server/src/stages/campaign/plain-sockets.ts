// Shared by the two plain sockets of the campaign: identifies the caller, and sends the room's events.
import { randomBytes } from 'node:crypto'
import {
  type Audience,
  DisplayName,
  Id,
  type PresenceEvent,
  type Role,
  roles,
  TablecastError,
} from '@tablecast/contracts'
import type { HubEvent } from '@tablecast/hub'
import {
  memberCaller,
  type NarratorTurns,
  type Orchestrator,
  type Right,
  type RoomCaller,
  trustedCaller,
} from '@tablecast/orchestrator'
import type { WebSocket } from 'ws'
import type { Identity } from '../../transport/identity.ts'
import type { Audit } from '../../rooms/audit.ts'
import { tallyOf } from '../../transport/stage-meter.ts'
import type { CallsInFlight } from '../../transport/calls-in-flight.ts'
import { closeFor, closeWith } from '../../transport/close-for.ts'
import { SocketSink, type WireForm } from '../../transport/socket-sink.ts'
import type { CampaignLive } from './live.ts'
import type { PlainFeeds } from './plain-feed.ts'
import type { PresenceBoard } from './presence.ts'
import { ANONYMOUS_PREFIX, isAnonymous, type RoomAccess } from '../../rooms/room-access.ts'
import type { RoomStreams } from '../../rooms/room-streams.ts'
import type { Rooms } from '../../rooms/rooms.ts'

export type PlainSocketDeps = {
  rooms: Rooms
  audit: Audit
  orchestrator: Orchestrator
  narration: NarratorTurns
  live: CampaignLive
  feeds: PlainFeeds
  presence: PresenceBoard
  access: RoomAccess
  roomStreams: RoomStreams
  maxBufferedBytes: number
  messagesPerSecond: number
  calls: CallsInFlight
}

/** `caller`: confirmed again under the lock of each change. */
export type PlainPerson = { roomId: string; userId: string; name: string; role: Role; caller: RoomCaller }

/**
 * The person who opens the socket. `identity`: null if the server lets in everyone. Throws NOT_A_MEMBER, NOT_THE_DM, NOT_FOUND,
 * BAD_REQUEST.
 */
export async function identify(
  { rooms, audit }: PlainSocketDeps,
  { identity, url }: { identity: Identity | null; url: URL },
  audience: Audience,
): Promise<PlainPerson> {
  const room = Id.safeParse(url.searchParams.get('room') ?? 'main')
  if (!room.success)
    throw new TablecastError('BAD_REQUEST', 'This is not a room id: use 1 to 64 letters, digits, "_" or "-".')
  if (identity) {
    const refused = (error: TablecastError) => audit.refused(room.data, identity, url.pathname, error.code)
    const right: Right =
      audience === 'dm' ? { roles: ['owner', 'dm'], who: 'a DM', refused } : { roles, who: 'a member', refused }
    const { userId, name, role } = await rooms.allowed(room.data, identity.userId, right)
    return { roomId: room.data, userId, name, role, caller: memberCaller(identity.userId, right) }
  }
  if (!(await rooms.exists(room.data)))
    throw new TablecastError('NOT_FOUND', 'There is no such table. Check its address.')
  // `player_id` is a display name, never an identity.
  const shown = DisplayName.safeParse(url.searchParams.get('player_id')?.slice(0, 60)).data
  const userId = ANONYMOUS_PREFIX + randomBytes(9).toString('base64url')
  const name = audience === 'dm' ? 'DM' : (shown ?? 'Guest')
  const caller = trustedCaller({ id: userId, name, role: audience })
  return { roomId: room.data, userId, name, role: audience, caller }
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
export async function follow(
  deps: PlainSocketDeps,
  socket: WebSocket,
  person: PlainPerson,
  audience: Audience,
): Promise<void> {
  const { roomId, userId } = person
  const { access, roomStreams, maxBufferedBytes } = deps
  using acquired = new DisposableStack()
  acquired.defer(roomStreams.follow(roomId))
  const cleanup = new DisposableStack()
  acquired.defer(
    access.addListener(roomId, { userId, role: audience }, (reason) => {
      cleanup.dispose()
      if (reason) closeFor(socket, reason.code)
      else closeWith(socket, 1012, 'role_changed', 'your role has changed: come again')
    }),
  )
  if (!isAnonymous(userId)) await roomStreams.assertStillMember(person)
  const lost = () => socket.close(1013, 'try again')
  const feed = await deps.feeds.open(roomId)
  acquired.defer(() => feed.release())
  const board = deps.presence.wholeChannel(roomId, audience)
  if (cleanup.disposed || socket.readyState !== socket.OPEN) return
  const tally = tallyOf(feed.channel, 'plain')
  const sink = new SocketSink({ socket, wire: feedForm, maxBufferedBytes, tally, onClose: lost })
  const cursor = feed.channel.subscribe(sink, feed.after)
  sink.follow(cursor)
  acquired.defer(() => cursor.detach())
  const boardSink = new SocketSink({ socket, wire: presenceForms[audience], maxBufferedBytes, tally, onClose: lost })
  const boardCursor = board.subscribe(boardSink, board.head)
  boardSink.follow(boardCursor)
  acquired.defer(() => boardCursor.detach())
  const presence = deps.presence.connect(roomId, person)
  acquired.defer(() => presence.leave())
  cleanup.use(acquired.move())
  socket.once('close', () => cleanup.dispose())
}
