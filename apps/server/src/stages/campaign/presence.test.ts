import { MemoryBus } from '@tablecast/bus'
import type { Applied } from '@tablecast/contracts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PresenceLink } from './presence-link.ts'
import { NodeChannel } from '../../cluster/node-channel.ts'
import { NodeLife } from '../../cluster/node-life.ts'
import { realTimers } from './presence-timers.ts'
import { PresenceBoard } from './presence.ts'

const ROOM = 'room-1'
const robin = { userId: 'robin', name: 'Robin', role: 'player' } as const
const applied: Applied = { epoch: 'e', seq: 1, hash: 'h', transport: 'websocket', visible: true, healed: 0 }

/** A board whose DM audience is followed. Records Robin's state in the roster at each event, with its time. */
function board() {
  const others = new NodeChannel({ bus: new MemoryBus(), failed() {} })
  const presence = new PresenceBoard(
    { head: () => null },
    new PresenceLink(others, new NodeLife({ others, timers: realTimers })),
    () => undefined,
  )
  const seen: { at: number; state: string | undefined; since: string | undefined }[] = []
  const channel = presence.channel(ROOM, 'dm')
  const current = () => presence.roster(ROOM, 'dm').find(({ userId }) => userId === robin.userId)
  let cursor: ReturnType<typeof channel.subscribe>
  const sink = {
    write() {
      const robinNow = current()
      seen.push({ at: Date.now(), state: robinNow?.sync?.state, since: robinNow?.since })
      return true
    },
    close() {},
  }
  cursor = channel.subscribe(sink, channel.head)
  return {
    presence,
    current,
    seenSince: (from: number) => seen.filter(({ at }) => at >= from),
    [Symbol.dispose]() {
      cursor.detach()
      presence.close()
    },
  }
}

const advance = (ms: number) => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the roster', () => {
  it('shows the DM a lost connection within 2 s, with the time of the loss', async () => {
    using at = board()
    const connection = at.presence.connect(ROOM, robin)
    at.presence.set(ROOM, robin.userId, { applied })
    await advance(60_000)
    expect(at.current()?.sync?.state).toBe('in_sync')
    const from = Date.now()
    connection.leave()
    await advance(2_000)
    const [first] = at.seenSince(from)
    expect(first).toMatchObject({ state: 'lost', since: new Date(from).toISOString() })
  })

  it('shows the DM at once that a client fell silent and that it is heard again, unless another tab is heard', async () => {
    using at = board()
    const connection = at.presence.connect(ROOM, robin)
    at.presence.set(ROOM, robin.userId, { applied })
    await advance(60_000)
    const from = Date.now()
    connection.silent(true)
    await advance(200)
    expect(at.seenSince(from)).toMatchObject([{ state: 'lost', since: new Date(from).toISOString() }])
    expect(at.current()).toMatchObject({ online: false })
    connection.silent(false)
    await advance(200)
    expect(at.seenSince(from).at(-1)).toMatchObject({ state: 'in_sync' })
    const second = at.presence.connect(ROOM, robin)
    connection.silent(true)
    await advance(5_000)
    expect(at.current()).toMatchObject({ online: true })
    // The silent connection closes, and the other one stays.
    connection.leave()
    await advance(10_000)
    expect(at.current()).toMatchObject({ online: true, sync: { state: 'in_sync' } })
    second.leave()
    await advance(2_000)
    expect(at.current()?.sync?.state).toBe('lost')
  })

  it('does not show a page reload, and keeps the time since which the player is present', async () => {
    using at = board()
    const connection = at.presence.connect(ROOM, robin)
    at.presence.set(ROOM, robin.userId, { applied })
    await advance(60_000)
    const since = at.current()?.since
    const from = Date.now()
    connection.leave()
    await advance(1_000)
    at.presence.connect(ROOM, robin)
    await advance(10_000)
    expect(at.seenSince(from).map(({ state }) => state)).not.toContain('lost')
    expect(at.current()).toMatchObject({ since, online: true })
  })

  it('shows the DM a silent page over SSE within 10 s, and its return at once', async () => {
    using at = board()
    at.presence.connect(ROOM, robin)
    const report = () => at.presence.set(ROOM, robin.userId, { applied: { ...applied, transport: 'sse' } })
    for (let reports = 0; reports < 20; reports++) {
      report()
      await advance(3_000)
      expect(at.current()?.sync?.state).toBe('in_sync')
    }
    report()
    const from = Date.now()
    await advance(10_000)
    expect(at.seenSince(from).at(-1)).toMatchObject({ state: 'lost', since: new Date(from).toISOString() })
    expect(at.current()).toMatchObject({ online: false, link: null })
    report()
    await advance(200)
    expect(at.seenSince(from).at(-1)).toMatchObject({ state: 'in_sync' })
  })

  it('expects no reports from a hidden page, nor from one over a WebSocket', async () => {
    using at = board()
    at.presence.connect(ROOM, robin)
    for (const [transport, visible, state] of [
      ['sse', false, 'asleep'],
      ['websocket', true, 'in_sync'],
    ] as const) {
      at.presence.set(ROOM, robin.userId, { applied: { ...applied, transport, visible } })
      await advance(120_000)
      expect(at.current()?.sync?.state).toBe(state)
    }
  })
})
