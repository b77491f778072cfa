import {
  type Audience,
  audienceOf,
  type PresenceEvent,
  PresenceEventsInput,
  PresenceSinceInput,
  ResyncInput,
  SetPresenceInput,
} from '@tablecast/contracts'
import { type Membership, type Procedures, router } from '../../trpc.ts'
import { resumePoint } from '../../transport/resume-point.ts'
import type { OpenedNotices } from './notices/index.ts'
import type { PresenceBoard } from './presence.ts'
import type { RoomAccess } from '../../rooms/room-access.ts'
import type { RoomStreams } from '../../rooms/room-streams.ts'

export type PresenceRouterDeps = {
  presence: PresenceBoard
  notices: Pick<OpenedNotices, 'pages'>
  roomStreams: RoomStreams
  access: RoomAccess
}

export function presenceRouter(
  { roomMember, roomDm }: Procedures,
  { presence, notices, roomStreams, access }: PresenceRouterDeps,
) {
  return router({
    set: roomMember.input(SetPresenceInput).mutation(async ({ ctx: { member, confirm }, input }) => {
      await access.act(member, confirm, () => {
        presence.set(input.roomId, member.userId, input)
        if (input.applied?.visible) notices.pages.report(input.roomId, member.userId)
      })
      return { ok: true as const }
    }),

    resync: roomDm.input(ResyncInput).mutation(async ({ ctx: { member, confirm }, input }) => {
      await access.act(member, confirm, () => presence.resync(input.roomId, input.userId))
      return { ok: true as const }
    }),

    /**
     * The roster, then its changes, and heartbeats. The caller is present while this is open. Without `lastEventId`, as pages of
     * older versions ask, each event carries the whole roster.
     */
    events: roomMember.input(PresenceEventsInput).subscription(({ ctx, input: { roomId, lastEventId }, signal }) => {
      const audience = audienceOf(ctx.member.role)
      const events = roomStreams.stream<PresenceEvent>(ctx, signal, async (stream) => {
        // Confirms the membership first, so that the roster never shows a removed member.
        await access.act(ctx.member, ctx.confirm, () => {
          if (stream.isOver) return
          const connection = presence.connect(roomId, personOf(ctx.member))
          stream.hold(ctx.whenSilent((isSilent) => connection.silent(isSilent)))
          stream.hold(() => connection.leave())
        })
        if (lastEventId !== undefined) return changesAfter(presence, { roomId, audience, lastEventId })
        const channel = presence.fullRosterChannel(roomId, audience)
        const first = () => JSON.stringify(presence.rosterEvent(roomId, audience))
        return { channel, after: channel.head, isTracked: false, first }
      })
      // Not tracked, so the iterator yields the event itself.
      return events as unknown as AsyncIterable<PresenceEvent>
    }),

    /** The same for clients that poll. The caller is present while the questions come every few seconds. */
    since: roomMember.input(PresenceSinceInput).query(async ({ ctx, input: { roomId, cursor } }) => {
      const audience = audienceOf(ctx.member.role)
      await access.act(ctx.member, ctx.confirm, () => presence.poll(roomId, personOf(ctx.member)))
      return presence.since(roomId, audience, resumePoint(presence.channel(roomId, audience), cursor))
    }),
  })
}

const personOf = ({ userId, name, role }: Membership) => ({ userId, name, role })

type ChangesAfter = { roomId: string; audience: Audience; lastEventId: string | null }

function changesAfter(presence: PresenceBoard, { roomId, audience, lastEventId }: ChangesAfter) {
  const channel = presence.channel(roomId, audience)
  const after = resumePoint(channel, lastEventId)
  // A client that missed nothing gets a heartbeat at once, so that it knows that it is live.
  const beat = after === null ? null : presence.heartbeat(roomId, audience)
  return beat
    ? { channel, after, isTracked: false, first: () => JSON.stringify(beat) }
    : { channel, after: null, isTracked: false }
}
