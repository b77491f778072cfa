import { describe, expect, it } from 'vitest'
import { backoff, type Link, type LinkEvent, nextLink } from './link-machine.ts'

const now = 1_000_000
const links = {
  connecting: { kind: 'connecting', transport: 'websocket', attempt: 0 },
  live: { kind: 'live', transport: 'sse', since: 5 },
  reconnecting: { kind: 'reconnecting', transport: 'sse', attempt: 3, at: now },
  offline: { kind: 'offline', since: 7 },
  signed_out: { kind: 'signed_out' },
  ended: { kind: 'ended', reason: 'kicked' },
} satisfies Record<Link['kind'], Link>

const events = {
  try: { type: 'try' },
  opened: { type: 'opened', now },
  failed: { type: 'failed', now, canHttp: false, chance: 1 },
  upgrade: { type: 'upgrade' },
  offline: { type: 'offline', now },
  online: { type: 'online' },
  signed_out: { type: 'signed_out' },
  ended: { type: 'ended', reason: 'kicked' },
} satisfies Record<LinkEvent['type'], LinkEvent>

/** What each state becomes on each event; the whole table. */
const expected: Record<Link['kind'], Record<LinkEvent['type'], Link['kind']>> = {
  connecting: {
    try: 'connecting',
    opened: 'live',
    failed: 'reconnecting',
    upgrade: 'connecting',
    offline: 'offline',
    online: 'connecting',
    signed_out: 'signed_out',
    ended: 'ended',
  },
  live: {
    try: 'live',
    opened: 'live',
    failed: 'reconnecting',
    upgrade: 'connecting',
    offline: 'offline',
    online: 'live',
    signed_out: 'signed_out',
    ended: 'ended',
  },
  reconnecting: {
    try: 'connecting',
    opened: 'reconnecting',
    failed: 'reconnecting',
    upgrade: 'reconnecting',
    offline: 'offline',
    online: 'connecting',
    signed_out: 'signed_out',
    ended: 'ended',
  },
  offline: {
    try: 'offline',
    opened: 'offline',
    failed: 'offline',
    upgrade: 'offline',
    offline: 'offline',
    online: 'connecting',
    signed_out: 'signed_out',
    ended: 'ended',
  },
  signed_out: {
    try: 'signed_out',
    opened: 'signed_out',
    failed: 'signed_out',
    upgrade: 'signed_out',
    offline: 'signed_out',
    online: 'signed_out',
    signed_out: 'signed_out',
    ended: 'signed_out',
  },
  ended: {
    try: 'ended',
    opened: 'ended',
    failed: 'ended',
    upgrade: 'ended',
    offline: 'ended',
    online: 'ended',
    signed_out: 'ended',
    ended: 'ended',
  },
}

describe('the link', () => {
  for (const kind of Object.keys(expected) as Link['kind'][])
    for (const type of Object.keys(expected[kind]) as LinkEvent['type'][])
      it(`${kind} on ${type} is ${expected[kind][type]}`, () => {
        expect(nextLink(links[kind], events[type]).kind).toBe(expected[kind][type])
      })

  it('goes down to the next transport only when the server answers and this transport does not get through', () => {
    const failed = (canHttp: boolean): LinkEvent => ({ type: 'failed', now, canHttp, chance: 0 })
    let link: Link = links.connecting
    const seen: string[] = []
    for (let round = 0; round < 6; round++) {
      link = nextLink(link, failed(true))
      if (link.kind === 'reconnecting') seen.push(link.transport)
      link = nextLink(link, { type: 'try' })
    }
    expect(seen).toEqual(['websocket', 'sse', 'sse', 'polling', 'polling', 'polling'])
    expect(nextLink(link, failed(false))).toMatchObject({ kind: 'reconnecting', transport: 'websocket' })
  })

  it('waits longer each time, with jitter, and never beyond a quarter of a minute', () => {
    expect(backoff(0, 0)).toBe(250)
    expect(backoff(0, 1)).toBe(500)
    expect(backoff(3, 1)).toBe(4_000)
    expect(backoff(50, 1)).toBe(15_000)
  })
})
