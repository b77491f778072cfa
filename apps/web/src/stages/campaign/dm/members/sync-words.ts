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

const transports: Record<string, string> = { websocket: 'WebSocket', sse: 'Server-sent events', polling: 'Polling' }

/** How the person's page is connected, for a DM who looks into a problem. */
export function linkWords({ link, sync }: Presence): string {
  if (!link) return 'No connection details yet.'
  const time = link.rttMs === null ? '' : `, answers in ${link.rttMs} ms`
  const healed = sync?.healed ? ` Recovered ${sync.healed === 1 ? 'once' : `${sync.healed} times`}.` : ''
  return `${transports[link.transport] ?? link.transport}${time}.${healed}`
}

const agoWords = (ms: number) =>
  ms < 60_000 ? `${Math.max(1, Math.round(ms / 1_000))} s` : `${Math.round(ms / 60_000)} min`
