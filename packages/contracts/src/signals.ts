// Signals: feeds in which only the newest value matters.
import { z } from 'zod'

const FeedName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" or "-"')
export const FeedInput = z.object({ feed: FeedName })

/**
 * `rate`: values per second, over ten seconds. `skipped`: payloads that were not JSON, or nested too deep. `lag`: messages of the
 * stream that are not read yet. `problem`: the reason why the feed can not be read, and what to do. `isDown`: true makes the server
 * degraded. `sendErrors`: sockets that broke while they followed the feed.
 */
export type FeedStatus = {
  name: string
  subject: string
  isRunning: boolean
  problem: string | null
  isDown: boolean
  received: number
  skipped: number
  rate: number
  lag: number
  sendErrors: number
  lastAt: string | null
  subscribers: number
}
