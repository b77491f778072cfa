// Signals: feeds of which the newest value counts.
import { z } from 'zod'

const FeedName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" or "-"')
export const FeedInput = z.object({ feed: FeedName })

/**
 * `rate`: values per second over the last ten. `skipped`: payloads that were no JSON, or nested too deep. `lag`: messages of the
 * stream that are still to come. `problem`: why it can not be read, and what to do about it; `isDown`: that makes the server degraded.
 * `sendErrors`: sockets that broke while they followed it.
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
