import {
  MarketCandlesInput,
  type MarketEvent,
  MarketEventsInput,
  MarketMessagesInput,
  OpenDiscussionInput,
  PostMarketMessageInput,
} from '@tablecast/contracts'
import { toKeyedInput } from '../../rooms/change-request.ts'
import { type Procedures, router } from '../../trpc.ts'
import { resumePoint } from '../../transport/resume-point.ts'
import { ChannelStream, type StreamScope } from '../../transport/stream.ts'
import type { MarketStage } from './index.ts'

const PAGE_SIZE = 50

/** Every caller may watch. A signed-in user may open discussions and write in them. */
export function marketRouter({ open, signedIn }: Procedures, market: MarketStage) {
  return router({
    status: open.query(() => market.marketStatus()),
    board: open.query(() => market.board.get()),

    candles: open.input(MarketCandlesInput).query(async ({ input: { sectorId, ...span } }) => ({
      candles: await market.rows.candles(sectorId, span),
    })),

    /** Oldest first. `nextCursor` is the `before` of the next older page. */
    messages: open
      .input(MarketMessagesInput)
      .query(({ input: { discussionId, before } }) =>
        market.rows.messages(discussionId, { before: before ?? null, limit: PAGE_SIZE }),
      ),

    openDiscussion: signedIn.input(OpenDiscussionInput).mutation(async ({ ctx, input }) => {
      const { key: _key, ...fields } = input
      const { id } = await market.rows.openDiscussion({ ...fields, ownerId: ctx.identity.userId }, toKeyedInput(input))
      return { id }
    }),

    post: signedIn.input(PostMarketMessageInput).mutation(async ({ ctx, input: { key, discussionId, content } }) => {
      const { userId, name: authorName } = ctx.identity
      const message = { id: key, content, authorId: userId, authorName, type: 'text' }
      return { message: await market.rows.post(discussionId, message, { userId, key }) }
    }),

    /** The board, then every message. After a reconnect the missed messages, or the board again. */
    events: open.input(MarketEventsInput).subscription(({ ctx: { limits }, input, signal }) => {
      const open = (stream: StreamScope) => {
        stream.hold(limits.subscribe())
        const { all: channel } = market.live
        const { lastEventId } = input
        return {
          channel,
          after: resumePoint(channel, lastEventId),
          lastEventId,
          isTracked: true,
          maxBufferedBytes: market.maxBufferedBytes,
        }
      }
      return new ChannelStream<MarketEvent>({ open, signal })
    }),
  })
}
