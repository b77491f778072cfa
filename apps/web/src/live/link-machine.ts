// How this page is connected, as a pure state machine. Time comes in with the events: `now` is in milliseconds of a clock that only runs
// forward, never the time of day.

const transports = ['websocket', 'sse', 'polling'] as const
export type Transport = (typeof transports)[number]

/**
 * `attempt`: tries in a row that failed. `refusals`: how many of them failed on this transport while the server answered plain requests.
 * `isReachable`: by the newest look, the server answers those. `at`: when to try again.
 */
export type Link =
  | { kind: 'connecting'; transport: Transport; attempt: number; refusals: number; isReachable: boolean }
  /** `isDoubted`: the server was asked whether it is still there, and has not answered yet. */
  | { kind: 'live'; transport: Transport; since: number; isDoubted: boolean }
  /** `isLooked`: whether it answers was looked at since the failure. */
  | {
      kind: 'reconnecting'
      transport: Transport
      attempt: number
      refusals: number
      at: number
      isReachable: boolean
      isLooked: boolean
    }
  /** `since`: the time of day, in milliseconds since 1970. */
  | { kind: 'offline'; since: number }
  /** The account's token has ended; it goes on with the next one. */
  | { kind: 'renewing' }
  | { kind: 'signed_out' }
  | { kind: 'ended'; reason: string }

/** `chance`: 0 to 1. */
export type LinkEvent =
  | { type: 'try' }
  | { type: 'opened'; now: number }
  | { type: 'failed'; now: number; chance: number; isVisible: boolean }
  /** `canHttp`: the server answers plain requests. */
  | { type: 'looked'; now: number; chance: number; canHttp: boolean }
  /** Nothing came for a while. */
  | { type: 'doubted' }
  /** Something came. */
  | { type: 'heard' }
  /** Somebody is back at the page, or the network is: sleep and another Wi-Fi leave connections behind that lead nowhere. */
  | { type: 'returned' }
  | { type: 'upgrade' }
  | { type: 'offline'; at: number }
  /** The server does not take this account's token any more, and the next one is on its way. */
  | { type: 'expired' }
  /** There is a session again, or a newer token. */
  | { type: 'renewed' }
  | { type: 'signed_out' }
  | { type: 'ended'; reason: string }

type Connecting = Extract<Link, { kind: 'connecting' }>
type Live = Extract<Link, { kind: 'live' }>
type Reconnecting = Extract<Link, { kind: 'reconnecting' }>

export const initialLink: Connecting = {
  kind: 'connecting',
  transport: 'websocket',
  attempt: 0,
  refusals: 0,
  isReachable: true,
}

const BASE_MS = 500
const MAX_MS = 15_000
/** Somebody is looking at the page. */
const MAX_VISIBLE_MS = 4_000
/** A transport is refused so many times before the next one is tried. */
const PATIENCE = 2
/** A server that is back is not met by all its pages in the same instant. */
const SPREAD_MS = 1_000

/** Full jitter above a floor: a thousand tabs that lost the same server don't come back in the same instant. */
export const backoff = (attempt: number, chance: number, isVisible: boolean): number =>
  Math.round(Math.min(isVisible ? MAX_VISIBLE_MS : MAX_MS, BASE_MS * 2 ** attempt) * (0.5 + chance / 2))

export function nextLink(link: Link, event: LinkEvent): Link {
  if (link.kind === 'ended') return link
  if (link.kind === 'signed_out') return event.type === 'renewed' ? initialLink : link
  switch (event.type) {
    case 'signed_out':
      return { kind: 'signed_out' }
    case 'ended':
      return { kind: 'ended', reason: event.reason }
    case 'expired':
      return link.kind === 'renewing' ? link : { kind: 'renewing' }
    case 'renewed':
      return link.kind === 'renewing' ? initialLink : link
    case 'offline':
      return link.kind === 'offline' ? link : { kind: 'offline', since: event.at }
    case 'returned':
      return afterReturn(link)
    case 'upgrade':
      return link.kind === 'live' && link.transport !== 'websocket' ? initialLink : link
    case 'try':
      return link.kind === 'reconnecting' ? tried(link) : link
    case 'opened':
      return link.kind === 'connecting'
        ? { kind: 'live', transport: link.transport, since: event.now, isDoubted: false }
        : link
    case 'doubted':
    case 'heard':
      return link.kind === 'live' && link.isDoubted !== (event.type === 'doubted')
        ? { ...link, isDoubted: event.type === 'doubted' }
        : link
    case 'failed':
      return link.kind === 'connecting' || link.kind === 'live' ? afterFailure(link, event) : link
    case 'looked':
      return link.kind === 'connecting' || link.kind === 'reconnecting' ? afterLook(link, event) : link
  }
}

function afterReturn(link: Exclude<Link, { kind: 'signed_out' | 'ended' }>): Link {
  switch (link.kind) {
    case 'live':
      return link.isDoubted ? link : { ...link, isDoubted: true }
    case 'connecting':
      // The first try has only just begun.
      return link.attempt === 0 ? link : { ...initialLink, isReachable: link.isReachable }
    case 'reconnecting':
      return { ...initialLink, isReachable: link.isReachable }
    case 'offline':
      return initialLink
    case 'renewing':
      return link
  }
}

const tried = ({ transport, attempt, refusals, isReachable }: Reconnecting): Connecting => ({
  kind: 'connecting',
  transport,
  attempt,
  refusals,
  isReachable,
})

function afterFailure(
  link: Connecting | Live,
  { now, chance, isVisible }: Extract<LinkEvent, { type: 'failed' }>,
): Reconnecting {
  const [attempt, refusals] = link.kind === 'live' ? [0, 0] : [link.attempt + 1, link.refusals + 1]
  const isReachable = link.kind === 'live' || link.isReachable
  const at = now + backoff(attempt, chance, isVisible)
  return { kind: 'reconnecting', transport: link.transport, attempt, refusals, at, isReachable, isLooked: false }
}

function afterLook(
  link: Connecting | Reconnecting,
  { now, chance, canHttp }: Extract<LinkEvent, { type: 'looked' }>,
): Link {
  const soon = now + chance * SPREAD_MS
  const isBack = canHttp && !link.isReachable
  if (link.kind === 'connecting')
    // It was begun while nothing answered, and may wait for an answer to what nobody received.
    return isBack ? { ...link, kind: 'reconnecting', refusals: 0, at: soon, isReachable: true, isLooked: true } : link
  const looked: Reconnecting = { ...link, isReachable: canHttp, isLooked: true }
  // Where nothing answers at all, no other transport would: begin again with the best.
  if (!canHttp) return { ...looked, transport: 'websocket', refusals: 0 }
  if (isBack) return { ...looked, refusals: 0, at: Math.min(link.at, soon) }
  const isRefused = !link.isLooked && link.refusals >= PATIENCE && link.transport !== 'polling'
  if (!isRefused) return looked
  const transport = transports[transports.indexOf(link.transport) + 1] ?? 'polling'
  return { ...looked, transport, attempt: 0, refusals: 0, at: now }
}
