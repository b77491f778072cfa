// The connection of a page as a pure state machine. Events bring the time: `now` is in milliseconds of a monotonic clock, never the time
// of day.

const transports = ['websocket', 'sse', 'polling'] as const
export type Transport = (typeof transports)[number]

/**
 * `attempt` counts failed tries in a row, `refusals` those that failed on this transport while the server answered plain requests.
 * `isReachable`: the server answered plain requests at the newest look. `at`: the time of the next try.
 */
export type Link =
  | { kind: 'connecting'; transport: Transport; attempt: number; refusals: number; isReachable: boolean }
  /** `isDoubted`: the server was asked whether it is still there, and has not answered yet. */
  | { kind: 'live'; transport: Transport; since: number; isDoubted: boolean }
  /** `isLooked`: the page has looked since the failure whether the server answers. */
  | {
      kind: 'reconnecting'
      transport: Transport
      attempt: number
      refusals: number
      at: number
      isReachable: boolean
      isLooked: boolean
    }
  /** `since` is the time of day, in milliseconds since 1970. */
  | { kind: 'offline'; since: number }
  /** The account's token has ended. The link goes on with the next one. */
  | { kind: 'renewing' }
  | { kind: 'signed_out' }
  | { kind: 'ended'; reason: string }

/** `chance` is random, from 0 to 1. */
export type LinkEvent =
  | { type: 'try' }
  | { type: 'opened'; now: number }
  | { type: 'failed'; now: number; chance: number; isVisible: boolean }
  /** `canHttp`: the server answers plain requests. `canPoll`: they can bring the feed, too. */
  | { type: 'looked'; now: number; chance: number; canHttp: boolean; canPoll: boolean }
  /** No message came for a while. */
  | { type: 'doubted' }
  /** A message came. */
  | { type: 'heard' }
  /** A person or the network is back. Sleep and a change of Wi-Fi leave connections behind that lead nowhere. */
  | { type: 'returned' }
  | { type: 'upgrade' }
  | { type: 'offline'; at: number }
  /** The server refuses the account's token, and the next one is on its way. */
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

const MIN_BACKOFF_MS = 500
const MAX_BACKOFF_MS = 15_000
/** For a visible page. */
const MAX_VISIBLE_BACKOFF_MS = 4_000
/** The next transport is tried after this many refusals. */
const MAX_REFUSALS = 2
/** Pages come back to a restarted server spread over this time. */
const RETURN_SPREAD_MS = 1_000

/** Full jitter above a floor, so that a thousand tabs that lost the same server don't come back in the same instant. */
export const backoff = (attempt: number, chance: number, isVisible: boolean): number =>
  Math.round(
    Math.min(isVisible ? MAX_VISIBLE_BACKOFF_MS : MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** attempt) * (0.5 + chance / 2),
  )

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
  { now, chance, canHttp, canPoll }: Extract<LinkEvent, { type: 'looked' }>,
): Link {
  const soon = now + chance * RETURN_SPREAD_MS
  const isBack = canHttp && !link.isReachable
  if (link.kind === 'connecting')
    // The try began while nothing answered, so its request may never have arrived.
    return isBack ? { ...link, kind: 'reconnecting', refusals: 0, at: soon, isReachable: true, isLooked: true } : link
  const looked: Reconnecting = { ...link, isReachable: canHttp, isLooked: true }
  // Where nothing answers at all, no other transport would: begin again with the best.
  if (!canHttp) return { ...looked, transport: 'websocket', refusals: 0 }
  if (isBack) return { ...looked, refusals: 0, at: Math.min(link.at, soon) }
  const isRefused = !link.isLooked && link.refusals >= MAX_REFUSALS && link.transport !== 'polling'
  if (!isRefused) return looked
  const transport = transports[transports.indexOf(link.transport) + 1] ?? 'polling'
  // Every transport was refused. The reason may pass, so begin again with the best, after the usual wait.
  if (transport === 'polling' && !canPoll) return { ...looked, transport: 'websocket', refusals: 0 }
  return { ...looked, transport, attempt: 0, refusals: 0, at: now }
}
