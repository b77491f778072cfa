// How this page is connected, as a pure state machine. Time comes in with the events.

export const transports = ['websocket', 'sse', 'polling'] as const
export type Transport = (typeof transports)[number]

export type Link =
  | { kind: 'connecting'; transport: Transport; attempt: number }
  | { kind: 'live'; transport: Transport; since: number }
  | { kind: 'reconnecting'; transport: Transport; attempt: number; at: number }
  | { kind: 'offline'; since: number }
  | { kind: 'signed_out' }
  | { kind: 'ended'; reason: string }

export type LinkEvent =
  | { type: 'try' }
  | { type: 'opened'; now: number }
  /** `canHttp`: the server answers plain requests, so it is this transport that doesn't get through. `chance`: 0 to 1. */
  | { type: 'failed'; now: number; canHttp: boolean; chance: number }
  | { type: 'upgrade' }
  | { type: 'offline'; now: number }
  | { type: 'online' }
  | { type: 'signed_out' }
  | { type: 'ended'; reason: string }

export const initialLink: Link = { kind: 'connecting', transport: 'websocket', attempt: 0 }

const BASE_MS = 500
const MAX_MS = 15_000
/** So often a transport fails before the next one is tried. */
const PATIENCE = 2

/** Full jitter above a floor: a thousand tabs that lost the same server don't come back in the same instant. */
export const backoff = (attempt: number, chance: number): number =>
  Math.round(Math.min(MAX_MS, BASE_MS * 2 ** attempt) * (0.5 + chance / 2))

export function nextLink(link: Link, event: LinkEvent): Link {
  if (link.kind === 'signed_out' || link.kind === 'ended') return link
  switch (event.type) {
    case 'signed_out':
      return { kind: 'signed_out' }
    case 'ended':
      return { kind: 'ended', reason: event.reason }
    case 'offline':
      return link.kind === 'offline' ? link : { kind: 'offline', since: event.now }
    case 'online':
      return link.kind === 'live' ? link : initialLink
    case 'upgrade':
      return link.kind === 'live' && link.transport !== 'websocket' ? initialLink : link
    case 'try':
      return link.kind === 'reconnecting'
        ? { kind: 'connecting', transport: link.transport, attempt: link.attempt }
        : link
    case 'opened':
      return link.kind === 'connecting' ? { kind: 'live', transport: link.transport, since: event.now } : link
    case 'failed':
      return link.kind === 'connecting' || link.kind === 'live' ? afterFailure(link, event) : link
  }
}

function afterFailure(
  link: Extract<Link, { kind: 'connecting' | 'live' }>,
  { now, canHttp, chance }: Extract<LinkEvent, { type: 'failed' }>,
): Link {
  const attempt = link.kind === 'live' ? 0 : link.attempt + 1
  const isBlocked = canHttp && attempt >= PATIENCE && link.transport !== 'polling'
  // Where nothing answers at all, no other transport would: begin again with the best.
  const transport = isBlocked
    ? (transports[transports.indexOf(link.transport) + 1] ?? 'polling')
    : canHttp
      ? link.transport
      : 'websocket'
  const delay = isBlocked ? 0 : backoff(attempt, chance)
  return { kind: 'reconnecting', transport, attempt: isBlocked ? 0 : attempt, at: now + delay }
}
