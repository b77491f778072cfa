// What the two plain sockets of the campaign have in common: who is there, and what they hear.
import { randomBytes } from 'node:crypto'
import { type Audience, DisplayName, Id, type Role, roles, TablecastError } from '@tablecast/contracts'
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
import { PASSING, type RoomAccess } from '../../rooms/room-access.ts'
import type { RoomStreams } from '../../rooms/room-streams.ts'
import type { Rooms } from '../../rooms/rooms.ts'

export type PlainParts = {
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

/** `caller`: who is asked again when something is changed. */
export type PlainPerson = { roomId: string; userId: string; name: string; role: Role; caller: RoomCaller }

/** Who opens the socket; `identity` null where everyone is let in. Throws NOT_A_MEMBER, NOT_THE_DM, BAD_REQUEST. */
export async function identify(
  { rooms, audit }: PlainParts,
  { identity, url }: { identity: Identity | null; url: URL },
  asks: Audience,
): Promise<PlainPerson> {
  const room = Id.safeParse(url.searchParams.get('room') ?? 'main')
  if (!room.success) throw new TablecastError('BAD_REQUEST', 'room: not a room id')
  if (identity) {
    const refused = (error: TablecastError) => audit.refused(room.data, identity, url.pathname, error.code)
    const right: Right =
      asks === 'dm' ? { roles: ['owner', 'dm'], who: 'a DM', refused } : { roles, who: 'a member', refused }
    const { userId, name, role } = await rooms.allowed(room.data, identity.userId, right)
    return { roomId: room.data, userId, name, role, caller: memberCaller(identity.userId, right) }
  }
  if (!(await rooms.exists(room.data))) throw new TablecastError('NOT_FOUND', 'there is no such room')
  // A display name, never an identity.
  const shown = DisplayName.safeParse(url.searchParams.get('player_id')?.slice(0, 60)).data
  const userId = PASSING + randomBytes(9).toString('base64url')
  const name = asks === 'dm' ? 'DM' : (shown ?? 'Guest')
  const caller = trustedCaller({ id: userId, name, role: asks })
  return { roomId: room.data, userId, name, role: asks, caller }
}

const feedForm: WireForm = { form: 'plain', encode: ({ text }) => text }

/** Players hear of joins, leaves and heartbeats; a DM of players' status too. */
const presenceForm = (audience: Audience): WireForm => ({
  form: `plain-presence:${audience}`,
  encode({ text }: HubEvent) {
    const { type } = JSON.parse(text) as { type: string }
    const isHeard = type !== 'resync' && (type !== 'player_status' || audience === 'dm')
    return isHeard ? text : ''
  },
})

const presenceForms: Record<Audience, WireForm> = { dm: presenceForm('dm'), player: presenceForm('player') }

/** Sends the room's events to the socket until it closes or its owner is removed from the room. Throws ROOM_FULL, NOT_A_MEMBER. */
export async function follow(
  parts: PlainParts,
  socket: WebSocket,
  person: PlainPerson,
  audience: Audience,
): Promise<void> {
  const { roomId, userId } = person
  const { access, roomStreams, maxBufferedBytes } = parts
  using closing = new DisposableStack()
  closing.defer(roomStreams.follow(roomId))
  const letGo = new DisposableStack()
  closing.defer(
    access.seat(roomId, { userId, role: audience }, (reason) => {
      letGo.dispose()
      if (reason) closeFor(socket, reason.code)
      else closeWith(socket, 1012, 'role_changed', 'your role has changed: come again')
    }),
  )
  if (!userId.startsWith(PASSING)) await roomStreams.mayListen(person)
  const lost = () => socket.close(1013, 'try again')
  const feed = await parts.feeds.open(roomId)
  closing.defer(() => feed.release())
  const board = await parts.presence.channel(roomId, audience)
  if (letGo.disposed || socket.readyState !== socket.OPEN) return
  const tally = tallyOf(feed.channel, 'plain')
  const sink = new SocketSink({ socket, wire: feedForm, maxBufferedBytes, tally, onClose: lost })
  const cursor = feed.channel.subscribe(sink, feed.after)
  sink.follow(cursor)
  closing.defer(() => cursor.detach())
  const heard = new SocketSink({ socket, wire: presenceForms[audience], maxBufferedBytes, tally, onClose: lost })
  const boardCursor = board.subscribe(heard, board.head)
  heard.follow(boardCursor)
  closing.defer(() => boardCursor.detach())
  const seat = parts.presence.connect(roomId, person)
  closing.defer(() => seat.leave())
  letGo.use(closing.move())
  socket.once('close', () => letGo.dispose())
}
