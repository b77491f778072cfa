// What the two plain sockets of the campaign have in common: who is there, and what they hear.
import { randomBytes, randomUUID } from 'node:crypto'
import { type Audience, audienceOf, Id, type Role, TablecastError } from '@tablecast/contracts'
import type { HubEvent } from '@tablecast/hub'
import type { Narration, Orchestrator } from '@tablecast/orchestrator'
import type { WebSocket } from 'ws'
import { bareToken } from '../../auth/bearer.ts'
import type { GuestAuth } from '../../auth/guest.ts'
import { SocketSink, type WireForm } from '../../transport/socket-sink.ts'
import type { Streams } from '../../transport/streams.ts'
import type { CampaignLive } from './live.ts'
import type { PlainFeeds } from './plain-feed.ts'
import type { PresenceBoard } from './presence.ts'
import { tagOf } from './router.ts'
import type { Rooms } from './rooms.ts'

export type PlainParts = {
  auth: GuestAuth
  rooms: Rooms
  orchestrator: Orchestrator
  narration: Narration
  live: CampaignLive
  feeds: PlainFeeds
  presence: PresenceBoard
  streams: Streams
  compatAuth: 'open' | 'token' | 'off'
  maxBufferedBytes: number
  messagesPerSecond: number
}

export type PlainPerson = { roomId: string; userId: string; name: string; role: Role }

/** Who opens the socket. In `open` mode a token is not needed. Throws UNAUTHORIZED, NOT_A_MEMBER, NOT_THE_DM, BAD_REQUEST. */
export async function identify(
  { auth, rooms, compatAuth }: PlainParts,
  request: { url: URL; authorization: string | undefined },
  asks: Audience,
): Promise<PlainPerson> {
  const room = Id.safeParse(request.url.searchParams.get('room') ?? 'main')
  if (!room.success) throw new TablecastError('BAD_REQUEST', 'room: not a room id')
  const token = bareToken(request.authorization) ?? request.url.searchParams.get('token')
  const identity = token ? await auth.verify(token) : null
  if (identity) {
    const { userId, name, role } = await rooms.membership(room.data, identity.userId)
    if (asks === 'dm' && audienceOf(role) !== 'dm')
      throw new TablecastError('NOT_THE_DM', 'only a DM of this room may do this')
    return { roomId: room.data, userId, name, role }
  }
  if (token || compatAuth !== 'open') throw new TablecastError('UNAUTHORIZED', 'a valid token is needed')
  if (!(await rooms.exists(room.data))) throw new TablecastError('NOT_FOUND', 'there is no such room')
  // A display name, never an identity.
  const shown = request.url.searchParams.get('player_id')?.trim().slice(0, 60)
  const userId = `plain-${randomBytes(9).toString('base64url')}`
  return asks === 'dm'
    ? { roomId: room.data, userId, name: 'DM', role: 'dm' }
    : { roomId: room.data, userId, name: shown || 'Guest', role: 'player' }
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

/** Sends the room's events to the socket until it closes or its owner is removed from the room. */
export async function follow(
  parts: PlainParts,
  socket: WebSocket,
  person: PlainPerson,
  audience: Audience,
): Promise<void> {
  const { roomId, userId } = person
  const { maxBufferedBytes } = parts
  const lost = () => socket.close(1013, 'try again')
  const feed = await parts.feeds.open(roomId)
  const sink = new SocketSink({ socket, wire: feedForm, maxBufferedBytes, onClose: lost })
  const cursor = feed.channel.subscribe(sink, feed.after)
  sink.follow(cursor)
  const board = await parts.presence.channel(roomId, audience)
  const heard = new SocketSink({ socket, wire: presenceForm(audience), maxBufferedBytes, onClose: lost })
  const boardCursor = board.subscribe(heard, board.head)
  heard.follow(boardCursor)
  const disconnect = parts.presence.connect(roomId, person)
  const forget = parts.streams.add(tagOf(roomId, userId), () => {
    letGo()
    socket.close(4503, 'you are no member of this room any more')
  })
  function letGo(): void {
    cursor.detach()
    boardCursor.detach()
    feed.release()
    disconnect()
    forget()
  }
  socket.once('close', letGo)
  if (socket.readyState !== socket.OPEN) letGo()
}

export const newKey = (): string => randomUUID()
