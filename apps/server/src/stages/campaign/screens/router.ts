import {
  CreateScreenInput,
  type PlayerCampaignEvent,
  RevokeScreenInput,
  ScreenEventsInput,
  type ScreenEvent,
  ShowOnScreensInput,
} from '@tablecast/contracts'
import { roomRequest } from '../../../rooms/change-request.ts'
import type { RoomStreams } from '../../../rooms/room-streams.ts'
import type { ScreenLinks } from '../../../rooms/screen-links.ts'
import { type Procedures, router } from '../../../trpc.ts'
import type { CampaignLive } from '../live.ts'
import type { OpenScreens } from './open-screens.ts'
import type { ScreenShows } from './screen-shows.ts'

export type ScreensRouterDeps = {
  screenLinks: ScreenLinks
  screenShows: ScreenShows
  openScreens: OpenScreens
  live: CampaignLive
  roomStreams: RoomStreams
}

/** Televisions and overlays. DMs make their links, and a screen reads with the token of one. */
export function screensRouter({ roomDm, screen }: Procedures, deps: ScreensRouterDeps) {
  const { screenLinks, screenShows, openScreens, live, roomStreams } = deps
  return router({
    list: roomDm.query(({ ctx }) => screenLinks.list(ctx.member.roomId)),
    create: roomDm.input(CreateScreenInput).mutation(({ ctx, input }) => screenLinks.create(roomRequest(ctx, input))),
    revoke: roomDm.input(RevokeScreenInput).mutation(({ ctx, input }) => screenLinks.revoke(roomRequest(ctx, input))),
    /** Chooses the picture on the televisions of the room. */
    show: roomDm.input(ShowOnScreensInput).mutation(({ ctx, input }) => screenShows.set(roomRequest(ctx, input))),
    /** The players’ events: those after `lastEventId`, or one snapshot, then live. */
    events: screen.input(ScreenEventsInput).subscription(({ ctx, input, signal }) =>
      roomStreams.screen<PlayerCampaignEvent>(ctx, signal, (stream) => {
        stream.hold(roomStreams.follow(input.roomId))
        stream.hold(openScreens.add(ctx.link.kind))
        screenLinks.noteUse(ctx.link)
        return live.source(input, 'player')
      }),
    ),
    /** The picture that the DM chose, and each change of it. */
    shown: screen.subscription(({ ctx, input, signal }) =>
      roomStreams.screen<ScreenEvent>(ctx, signal, () => screenShows.source(input.roomId)),
    ),
  })
}
