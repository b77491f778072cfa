// Signals: feeds of which the newest value counts.
import { z } from 'zod'

export const FeedName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" or "-"')
export const FeedInput = z.object({ feed: FeedName })

/**
 * `rate`: values per second over the last ten. `skipped`: payloads that were no JSON. `lag`: still to come from the stream.
 * `sendErrors`: sockets that broke while they followed it.
 */
export type FeedStatus = {
  name: string
  subject: string
  isRunning: boolean
  received: number
  skipped: number
  rate: number
  lag: number
  sendErrors: number
  lastAt: string | null
  subscribers: number
}
