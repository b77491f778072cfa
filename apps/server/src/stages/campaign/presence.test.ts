import { MemoryBus } from '@tablecast/bus'
import type { Applied } from '@tablecast/contracts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PresenceLink } from './presence-link.ts'
import { NodeChannel } from '../../cluster/node-channel.ts'
import { PresenceBoard } from './presence.ts'

const ROOM = 'room-1'
const robin = { userId: 'robin', name: 'Robin', role: 'player' } as const
const applied: Applied = { epoch: 'e', seq: 1, hash: 'h', transport: 'websocket', visible: true, healed: 0 }

/** What the DM's roster says of the player, and when it began to: by the moments at which it was told. */
async function board() {
  const presence = new PresenceBoard(
    { head: () => null },
    new PresenceLink(new NodeChannel({ bus: new MemoryBus(), failed() {} })),
    () => undefined,
  )
  const told: { at: number; state: string | undefined; since: string | undefined }[] = []
  const channel = await presence.channel(ROOM, 'dm')
  const look = () => presence.roster(ROOM, 'dm').find(({ userId }) => userId === robin.userId)
  let cursor: ReturnType<typeof channel.subscribe>
  const sink = {
    write() {
      const seen = look()
      told.push({ at: Date.now(), state: seen?.sync?.state, since: seen?.since })
      return true
    },
    close() {},
  }
  cursor = channel.subscribe(sink, channel.head)
  return {
    presence,
    look,
    toldSince: (from: number) => told.filter(({ at }) => at >= from),
    [Symbol.dispose]() {
      cursor.detach()
      presence.close()
    },
  }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the roster', () => {
  it('tells the DM within 2 s that a connection is lost, and since when', async () => {
    using at = await board()
    const seat = at.presence.connect(ROOM, robin)
    at.presence.set(ROOM, robin.userId, { applied })
    await pass(60_000)
    expect(at.look()?.sync?.state).toBe('in_sync')
    const from = Date.now()
    seat.leave()
    await pass(2_000)
    const [first] = at.toldSince(from)
    expect(first).toMatchObject({ state: 'lost', since: new Date(from).toISOString() })
  })

  it('tells the DM at once that a client seems to be gone and that it is heard again; another tab of theirs keeps them', async () => {
    using at = await board()
    const seat = at.presence.connect(ROOM, robin)
    at.presence.set(ROOM, robin.userId, { applied })
    await pass(60_000)
    const from = Date.now()
    seat.silent(true)
    await pass(200)
    expect(at.toldSince(from)).toMatchObject([{ state: 'lost', since: new Date(from).toISOString() }])
    expect(at.look()).toMatchObject({ online: false })
    seat.silent(false)
    await pass(200)
    expect(at.toldSince(from).at(-1)).toMatchObject({ state: 'in_sync' })
    const second = at.presence.connect(ROOM, robin)
    seat.silent(true)
    await pass(5_000)
    expect(at.look()).toMatchObject({ online: true })
    // The dead one is let go in the end, and the other goes on.
    seat.leave()
    await pass(10_000)
    expect(at.look()).toMatchObject({ online: true, sync: { state: 'in_sync' } })
    second.leave()
    await pass(2_000)
    expect(at.look()?.sync?.state).toBe('lost')
  })

  it('tells nobody of a page that is loaded anew, and keeps since when they are here', async () => {
    using at = await board()
    const seat = at.presence.connect(ROOM, robin)
    at.presence.set(ROOM, robin.userId, { applied })
    await pass(60_000)
    const since = at.look()?.since
    const from = Date.now()
    seat.leave()
    await pass(1_000)
    at.presence.connect(ROOM, robin)
    await pass(10_000)
    expect(at.toldSince(from).map(({ state }) => state)).not.toContain('lost')
    expect(at.look()).toMatchObject({ since, online: true })
  })

  it('tells the DM within 10 s that a page over SSE has fallen silent, and at once that it is back', async () => {
    using at = await board()
    at.presence.connect(ROOM, robin)
    const beat = () => at.presence.set(ROOM, robin.userId, { applied: { ...applied, transport: 'sse' } })
    for (let beats = 0; beats < 20; beats++) {
      beat()
      await pass(3_000)
      expect(at.look()?.sync?.state).toBe('in_sync')
    }
    beat()
    const from = Date.now()
    await pass(10_000)
    expect(at.toldSince(from).at(-1)).toMatchObject({ state: 'lost', since: new Date(from).toISOString() })
    expect(at.look()).toMatchObject({ online: false, link: null })
    beat()
    await pass(200)
    expect(at.toldSince(from).at(-1)).toMatchObject({ state: 'in_sync' })
  })

  it('asks no beat of a page that nobody looks at, nor of one that the server can ask', async () => {
    using at = await board()
    at.presence.connect(ROOM, robin)
    for (const [transport, visible, state] of [
      ['sse', false, 'asleep'],
      ['websocket', true, 'in_sync'],
    ] as const) {
      at.presence.set(ROOM, robin.userId, { applied: { ...applied, transport, visible } })
      await pass(120_000)
      expect(at.look()?.sync?.state).toBe(state)
    }
  })
})
