// The streams of players for DMs, who look at the table through a player’s eyes. They follow the very channels that the players follow, so
// both get the same bytes.
import {
  audienceOf,
  EventsInput,
  type PlayerCampaignEvent,
  TablecastError,
  ViewAsInput,
  type WhisperEvent,
} from '@tablecast/contracts'
import type { Memberships } from '../../rooms/memberships.ts'
import type { RoomStreams } from '../../rooms/room-streams.ts'
import { type Procedures, router } from '../../trpc.ts'
import type { CampaignLive } from './live.ts'

export type ViewAsRouterDeps = {
  live: CampaignLive
  roomStreams: RoomStreams
  memberships: Pick<Memberships, 'get'>
}

export function viewAsRouter({ roomDm }: Procedures, deps: ViewAsRouterDeps) {
  const { live, roomStreams, memberships } = deps

  /** Throws NOT_FOUND, also for a DM, who has no stream of whispers. */
  const mustBePlayer = async (roomId: string, memberId: string): Promise<void> => {
    const role = await memberships.get(roomId, memberId).then(
      (member) => member.role,
      (error: unknown) => {
        if (error instanceof TablecastError && error.code === 'NOT_A_MEMBER') return null
        throw error
      },
    )
    if (role === null || audienceOf(role) === 'dm')
      throw new TablecastError('NOT_FOUND', 'There is no such player at this table. Choose another.')
  }

  return router({
    /** The players’ events: those after `lastEventId`, or one snapshot, then live. */
    players: roomDm
      .input(EventsInput)
      .subscription(({ ctx, input, signal }) =>
        roomStreams.stream<PlayerCampaignEvent>(ctx, signal, () => live.source(input, 'player')),
      ),
    /** The same of one member’s own stream: their whispers, and what was shown to them alone. */
    member: roomDm.input(ViewAsInput).subscription(({ ctx, input, signal }) =>
      roomStreams.stream<WhisperEvent>(ctx, signal, async () => {
        const { roomId, memberId } = input
        await mustBePlayer(roomId, memberId)
        return live.source(input, { memberId })
      }),
    ),
  })
}
