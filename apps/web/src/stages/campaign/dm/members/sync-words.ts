import type { Presence } from '@tablecast/contracts'
import { clockTime } from '../../../../ui/clock-time.ts'

/** How far a person's page is, in words. `now` is by the server's clock, as `since` is. */
export function syncWords({ sync, since }: Presence, now: number): string {
  switch (sync?.state) {
    case 'in_sync':
      return 'in sync'
    case 'behind':
      return `${sync.behind} behind`
    case 'asleep':
      return `asleep since ${clockTime(since)}`
    case 'lost':
      return `lost ${agoWords(now - Date.parse(since))} ago`
    default:
      return 'joining'
  }
}

const agoWords = (ms: number) =>
  ms < 60_000 ? `${Math.max(1, Math.round(ms / 1_000))} s` : `${Math.round(ms / 60_000)} min`
