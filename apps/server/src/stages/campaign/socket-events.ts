// Sends a room's events and presence to a plain socket.
import type { Audience, PresenceEvent } from '@tablecast/contracts'
import type { HubEvent } from '@tablecast/hub'
import type { WebSocket } from 'ws'
import { isAnonymous, type RoomAccess } from '../../rooms/room-access.ts'
import type { RoomStreams } from '../../rooms/room-streams.ts'
import { closeWithError, closeWith } from '../../transport/close-socket.ts'
import { SocketSink, type WireForm } from '../../transport/socket-sink.ts'
import { tallyOf } from '../../transport/stage-meter.ts'
import type { PlainFeeds } from './plain-feed.ts'
import type { PresenceBoard } from './presence.ts'
import type { SocketCaller } from './socket-caller.ts'

export type SocketEventsDeps = {
  feeds: PlainFeeds
  presence: PresenceBoard
  access: RoomAccess
  roomStreams: RoomStreams
  maxBufferedBytes: number
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
  const { roomId, userId } = person
  const { access, roomStreams, maxBufferedBytes } = deps
  using acquired = new DisposableStack()
  acquired.defer(roomStreams.follow(roomId))
  const cleanup = new DisposableStack()
  acquired.defer(
    access.addListener(roomId, { userId, role: audience }, (reason) => {
      cleanup.dispose()
      if (reason) closeWithError(socket, reason.code)
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
