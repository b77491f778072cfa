import { describe, expect, it } from 'vitest'
import { backoff, initialLink, type Link, type LinkEvent, nextLink } from './link-machine.ts'

const now = 1_000_000
const links = {
  connecting: { kind: 'connecting', transport: 'websocket', attempt: 0, refusals: 0, isReachable: true },
  live: { kind: 'live', transport: 'sse', since: 5, isDoubted: false },
  reconnecting: {
    kind: 'reconnecting',
    transport: 'sse',
    attempt: 3,
    refusals: 0,
    at: now,
    isReachable: true,
    isLooked: true,
  },
  offline: { kind: 'offline', since: 7 },
  renewing: { kind: 'renewing' },
  signed_out: { kind: 'signed_out' },
  ended: { kind: 'ended', reason: 'kicked' },
} satisfies Record<Link['kind'], Link>

const events = {
  try: { type: 'try' },
  opened: { type: 'opened', now },
  failed: { type: 'failed', now, chance: 1, isVisible: true },
  looked: { type: 'looked', now, chance: 1, canHttp: true, canPoll: true },
  doubted: { type: 'doubted' },
  heard: { type: 'heard' },
  returned: { type: 'returned' },
  upgrade: { type: 'upgrade' },
  offline: { type: 'offline', at: now },
  expired: { type: 'expired' },
  renewed: { type: 'renewed' },
  signed_out: { type: 'signed_out' },
  ended: { type: 'ended', reason: 'kicked' },
} satisfies Record<LinkEvent['type'], LinkEvent>

/** The next state of each state on each event: the whole table. */
const expected: Record<Link['kind'], Record<LinkEvent['type'], Link['kind']>> = {
  connecting: {
    try: 'connecting',
    opened: 'live',
    failed: 'reconnecting',
    looked: 'connecting',
    doubted: 'connecting',
    heard: 'connecting',
    returned: 'connecting',
    upgrade: 'connecting',
    offline: 'offline',
    expired: 'renewing',
    renewed: 'connecting',
    signed_out: 'signed_out',
    ended: 'ended',
  },
  live: {
    try: 'live',
    opened: 'live',
    failed: 'reconnecting',
    looked: 'live',
    doubted: 'live',
    heard: 'live',
    returned: 'live',
    upgrade: 'connecting',
    offline: 'offline',
    expired: 'renewing',
    renewed: 'live',
    signed_out: 'signed_out',
    ended: 'ended',
  },
  reconnecting: {
    try: 'connecting',
    opened: 'reconnecting',
    failed: 'reconnecting',
    looked: 'reconnecting',
    doubted: 'reconnecting',
    heard: 'reconnecting',
    returned: 'connecting',
    upgrade: 'reconnecting',
    offline: 'offline',
    expired: 'renewing',
    renewed: 'reconnecting',
    signed_out: 'signed_out',
    ended: 'ended',
  },
  offline: {
    try: 'offline',
    opened: 'offline',
    failed: 'offline',
    looked: 'offline',
    doubted: 'offline',
    heard: 'offline',
    returned: 'connecting',
    upgrade: 'offline',
    offline: 'offline',
    expired: 'renewing',
    renewed: 'offline',
    signed_out: 'signed_out',
    ended: 'ended',
  },
  renewing: {
    try: 'renewing',
    opened: 'renewing',
    failed: 'renewing',
    looked: 'renewing',
    doubted: 'renewing',
    heard: 'renewing',
    returned: 'renewing',
    upgrade: 'renewing',
    offline: 'offline',
    expired: 'renewing',
    renewed: 'connecting',
    signed_out: 'signed_out',
    ended: 'ended',
  },
  signed_out: {
    try: 'signed_out',
    opened: 'signed_out',
    failed: 'signed_out',
    looked: 'signed_out',
    doubted: 'signed_out',
    heard: 'signed_out',
    returned: 'signed_out',
    upgrade: 'signed_out',
    offline: 'signed_out',
    expired: 'signed_out',
    renewed: 'connecting',
    signed_out: 'signed_out',
    ended: 'signed_out',
  },
  ended: {
    try: 'ended',
    opened: 'ended',
    failed: 'ended',
    looked: 'ended',
    doubted: 'ended',
    heard: 'ended',
    returned: 'ended',
    upgrade: 'ended',
    offline: 'ended',
    expired: 'ended',
    renewed: 'ended',
    signed_out: 'ended',
    ended: 'ended',
  },
}

const failed: LinkEvent = { type: 'failed', now, chance: 0, isVisible: true }
const looked = (canHttp: boolean, chance = 0, canPoll = true): LinkEvent => ({
  type: 'looked',
  now,
  chance,
  canHttp,
  canPoll,
})

/** A failed try, and the look after it. */
const failedTry = (link: Link, canHttp: boolean): Link =>
  nextLink(nextLink(nextLink(link, { type: 'try' }), failed), looked(canHttp))

describe('the link', () => {
  for (const kind of Object.keys(expected) as Link['kind'][])
    for (const type of Object.keys(expected[kind]) as LinkEvent['type'][])
      it(`a link that is ${kind} becomes ${expected[kind][type]} on ${type}`, () => {
        expect(nextLink(links[kind], events[type]).kind).toBe(expected[kind][type])
      })

  it('a link takes the next transport only when the server answers and this transport does not get through', () => {
    let link: Link = links.connecting
    const seen: string[] = []
    for (let round = 0; round < 6; round++) {
      link = failedTry(link, true)
      if (link.kind === 'reconnecting') seen.push(link.transport)
    }
    expect(seen).toEqual(['websocket', 'sse', 'sse', 'polling', 'polling', 'polling'])
    expect(failedTry(link, false)).toMatchObject({ kind: 'reconnecting', transport: 'websocket' })
  })

  it('a link that needs a stream begins again with WebSockets after both streams were refused, at the pace of a retry', () => {
    let link: Link = links.connecting
    const seen: string[] = []
    for (let round = 0; round < 8; round++) {
      link = nextLink(nextLink(nextLink(link, { type: 'try' }), failed), looked(true, 0, false))
      if (link.kind === 'reconnecting') seen.push(`${link.transport} ${link.at > now ? 'later' : 'now'}`)
    }
    const cycle = ['websocket later', 'sse now', 'sse later', 'websocket later']
    expect(seen).toEqual([...cycle, ...cycle])
  })

  it('a link stays with the best transport however long the server was unreachable', () => {
    let link: Link = links.connecting
    for (let round = 0; round < 20; round++) link = failedTry(link, false)
    link = nextLink(link, looked(true))
    expect(link).toMatchObject({ kind: 'reconnecting', transport: 'websocket', isReachable: true })
    // The first try after it may still fail, for example when the server turns most of a crowd away.
    link = failedTry(link, true)
    expect(link).toMatchObject({ kind: 'reconnecting', transport: 'websocket' })
  })

  it('a link tries within a second of the server’s first answer, and further answers do not bring a try forward', () => {
    const waiting: Link = { ...links.reconnecting, at: now + 60_000, isReachable: false }
    const soon = [0, 0.5, 1].map((chance) => nextLink(waiting, looked(true, chance)))
    expect(soon.map((link) => link.kind === 'reconnecting' && link.at - now)).toEqual([0, 500, 1_000])
    const [back] = soon
    expect(back && nextLink(back, looked(true, 1))).toMatchObject({ at: now })
    const refused: Link = { ...waiting, isReachable: true }
    expect(nextLink(refused, looked(true))).toMatchObject({ at: now + 60_000 })
  })

  it('a link gives up a try that was begun while nothing answered', () => {
    const begun: Link = { ...links.connecting, attempt: 4, isReachable: false }
    expect(nextLink(begun, looked(true, 1))).toMatchObject({ kind: 'reconnecting', at: now + 1_000, isReachable: true })
    expect(nextLink(begun, looked(false))).toMatchObject({ kind: 'connecting', attempt: 4 })
    expect(nextLink(links.connecting, looked(true))).toMatchObject({ kind: 'connecting' })
  })

  it('a live link is doubted on return and on silence, until something comes', () => {
    for (const type of ['returned', 'doubted'] as const) {
      const doubted = nextLink(links.live, { type })
      expect(doubted).toMatchObject({ kind: 'live', isDoubted: true })
      expect(nextLink(doubted, { type: 'heard' })).toEqual(links.live)
      expect(nextLink(doubted, failed)).toMatchObject({ kind: 'reconnecting', attempt: 0 })
    }
  })

  it('a return leaves a first try alone, and cuts a backoff short', () => {
    expect(nextLink(links.connecting, { type: 'returned' })).toBe(links.connecting)
    expect(nextLink({ ...links.connecting, attempt: 3 }, { type: 'returned' })).toEqual(initialLink)
    expect(nextLink(links.reconnecting, { type: 'returned' })).toEqual(initialLink)
  })

  it('backoff grows with jitter up to 15 s, and up to 4 s while somebody looks', () => {
    expect(backoff(0, 0, false)).toBe(250)
    expect(backoff(0, 1, false)).toBe(500)
    expect(backoff(3, 1, false)).toBe(4_000)
    expect(backoff(50, 1, false)).toBe(15_000)
    expect(backoff(2, 1, true)).toBe(2_000)
    expect(backoff(50, 1, true)).toBe(4_000)
  })
})
