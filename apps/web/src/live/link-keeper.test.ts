import { TRPCClientError } from '@trpc/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { session } from '../auth/session.ts'
import { LinkKeeper } from './link-keeper.ts'
import type { Link, Transport } from './link-machine.ts'
import type { BrowserEvents, BrowserEnvironment } from './browser-environment.ts'
import type { Feed, TransportEvents } from './feed.ts'

const feed: Feed = { subscribe: () => [], poll: () => Promise.resolve() }

/** A browser and a server under the control of the test. */
function world({ random = (): number => 0.5, latencyMs = 5, needsStream = false } = {}) {
  let events: BrowserEvents | null = null
  const opened: { transport: Transport; told: TransportEvents; isOpen: boolean; asked: number }[] = []
  const state = {
    isVisible: true,
    /** Whether the server answers plain requests and new connections; `hangs` takes them and never answers. */
    server: 'up' as 'up' | 'down' | 'hangs',
    answersPings: true,
    blocks: [] as Transport[],
    looks: 0,
  }
  const later = (work: () => void) => setTimeout(work, latencyMs)
  const environment: BrowserEnvironment = {
    watch(watching) {
      events = watching
      return () => (events = null)
    },
    isVisible: () => state.isVisible,
    isServerReady() {
      state.looks += 1
      const isUp = state.server === 'up'
      return new Promise((resolve) => later(() => resolve(isUp)))
    },
    isWebSocketThrough: () => Promise.resolve(false),
    openTransport(transport, _feed, told) {
      const one = { transport, told, isOpen: true, asked: 0 }
      opened.push(one)
      const isRefused = state.server === 'down' || state.blocks.includes(transport)
      if (isRefused) later(() => one.isOpen && told.failed(null))
      else if (state.server === 'up') later(() => one.isOpen && state.answersPings && keeper.heard())
      return {
        close: () => void (one.isOpen = false),
        ask:
          transport === 'websocket'
            ? () => {
                one.asked += 1
                if (state.answersPings) later(() => one.isOpen && told.heard())
              }
            : null,
        tellsSilence: transport === 'sse',
      }
    },
    now: () => performance.now(),
    timeOfDay: () => Date.now(),
    random,
  }
  const seen: Link[] = []
  const keeper = new LinkKeeper(
    { feed: () => feed, changed: (link) => seen.push(link), silenceMs: null, ...(needsStream && { needsStream }) },
    environment,
  )
  keeper.start()
  return {
    keeper,
    state,
    opened,
    seen,
    newest: () => opened.at(-1),
    returned: () => events?.returned(),
    offline: () => events?.offline(),
  }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const refusal = () =>
  TRPCClientError.from({
    error: { message: 'no', code: -32001, data: { tablecast: { code: 'UNAUTHORIZED', details: null } } },
  } as never)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a connection that leads nowhere', () => {
  it('a connection is asked at once when somebody returns, and given up without an answer within 2 s', async () => {
    const { keeper, state, newest, returned } = world()
    await pass(100)
    state.answersPings = false
    await pass(3_000)
    returned()
    expect(newest()?.asked).toBe(1)
    await pass(1_900)
    expect(keeper.link.kind).toBe('live')
    await pass(200)
    expect(keeper.link.kind).toBe('reconnecting')
  })

  it('a connection is given up after 10 s of silence and 2 s without an answer, and later on a hidden page', async () => {
    for (const [isVisible, silence] of [
      [true, 10_000],
      [false, 40_000],
    ] as const) {
      const { keeper, state, newest } = world()
      state.isVisible = isVisible
      await pass(100)
      state.answersPings = false
      await pass(silence - 200)
      expect(newest()?.asked).toBe(0)
      await pass(400)
      expect(newest()?.asked).toBe(1)
      expect(keeper.link).toMatchObject({ kind: 'live', isDoubted: true })
      await pass(2_000)
      expect(keeper.link.kind).toBe('reconnecting')
      keeper.close()
    }
  })

  it('a connection that answers stays, however often it is asked, and the page does not show the asking', async () => {
    const { keeper, opened, returned, seen } = world()
    await pass(100)
    for (let round = 0; round < 50; round++) {
      returned()
      await pass(7_000)
    }
    await pass(60_000)
    expect(opened).toHaveLength(1)
    expect(keeper.link.kind).toBe('live')
    expect(new Set(seen.map(({ kind }) => kind))).toEqual(new Set(['live']))
  })

  it('a connection is asked again after a sleep in which no answer could be heard', async () => {
    const { keeper, state, newest, returned } = world()
    await pass(100)
    state.answersPings = false
    returned()
    await pass(1_500)
    state.answersPings = true
    returned()
    await pass(1_000)
    expect(newest()?.asked).toBe(2)
    expect(keeper.link).toMatchObject({ kind: 'live', isDoubted: false })
  })

  it('an SSE stream is opened again at its position instead of being asked, and the page does not show it', async () => {
    const { keeper, state, opened, newest, returned } = world()
    await pass(100)
    state.blocks = ['websocket']
    newest()?.told.failed(null)
    await pass(5_000)
    expect(keeper.link).toMatchObject({ kind: 'live', transport: 'sse' })
    const streams = opened.length
    // An SSE stream fails by itself after silence.
    await pass(19_000)
    expect(opened).toHaveLength(streams)
    returned()
    expect(opened).toHaveLength(streams + 1)
    expect(opened.filter(({ isOpen }) => isOpen)).toHaveLength(1)
    expect(keeper.link).toMatchObject({ kind: 'live', transport: 'sse', isDoubted: true })
    await pass(100)
    expect(keeper.link).toMatchObject({ kind: 'live', transport: 'sse', isDoubted: false })
    state.server = 'hangs'
    returned()
    await pass(2_100)
    expect(keeper.link.kind).toBe('reconnecting')
  })
})

describe('a server that was restarted', () => {
  it('a restarted server has a thousand pages back within 3 s, with less than an eighth of them in any 100 ms', async () => {
    let seed = 1
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
    const pages = Array.from({ length: 1_000 }, () => world({ random }))
    await pass(100)
    for (const { state, newest } of pages) {
      state.server = 'down'
      newest()?.told.failed(null)
    }
    await pass(47_000)
    const before = pages.map(({ opened }) => opened.length)
    for (const { state } of pages) state.server = 'up'
    const arrivals: number[] = []
    for (let step = 0; step < 30; step++) {
      const count = () => pages.filter(({ keeper }) => keeper.link.kind === 'live').length
      const here = count()
      await pass(100)
      arrivals.push(count() - here)
    }
    expect(arrivals.reduce((sum, count) => sum + count)).toBe(1_000)
    expect(Math.max(...arrivals)).toBeLessThan(125)
    // Each page tried once: none came too early, and none took a lesser transport.
    expect(pages.every(({ opened }, place) => opened.length - (before[place] ?? 0) <= 2)).toBe(true)
    expect(pages.every(({ newest }) => newest()?.transport === 'websocket')).toBe(true)
    for (const { keeper } of pages) keeper.close()
  })

  it('a feed that needs a stream is live again after both were refused for hours, without a person', async () => {
    const { keeper, state, newest, opened } = world({ needsStream: true })
    await pass(100)
    state.blocks = ['websocket', 'sse']
    newest()?.told.failed(null)
    const hours = 2
    await pass(hours * 3_600_000)
    expect(new Set(opened.map(({ transport }) => transport))).toEqual(new Set(['websocket', 'sse']))
    // A server that refuses, for example because the room is full, is not stormed.
    expect(opened.length).toBeLessThan(hours * 3_600)
    state.blocks = []
    await pass(5_000)
    expect(keeper.link).toMatchObject({ kind: 'live', transport: 'websocket' })
    keeper.close()
  })

  it('a hidden page does not look for a restarted server, and comes back at once when somebody returns', async () => {
    const { keeper, state, newest, returned } = world()
    await pass(100)
    Object.assign(state, { server: 'down', isVisible: false })
    newest()?.told.failed(null)
    await pass(100)
    const { looks } = state
    await pass(60_000)
    // A hidden page looks after each of its own tries, and at no other time.
    expect(state.looks - looks).toBeLessThan(10)
    Object.assign(state, { server: 'up', isVisible: true })
    returned()
    await pass(50)
    expect(keeper.link.kind).toBe('live')
  })

  it('a restarted server is tried again soon when an earlier try hangs', async () => {
    const { keeper, state, newest, opened } = world()
    await pass(100)
    state.server = 'hangs'
    newest()?.told.failed(null)
    await pass(20_000)
    // A try has just begun, and would be given up in 8 s.
    const tries = opened.length
    while (opened.length === tries) await pass(10)
    state.server = 'up'
    await pass(3_000)
    expect(keeper.link.kind).toBe('live')
  })
})

describe('a session that ends', () => {
  const account = { token: 'a1', userId: 'u', name: 'Dee', expiresAt: '' }

  it('the link of an account waits for the next token, and is signed out without one', async () => {
    session.setAccount(account)
    const asked = vi.fn<() => void>()
    const stop = session.renewWith(asked)
    const { keeper, newest } = world()
    await pass(100)
    newest()?.told.failed(refusal())
    expect(keeper.link.kind).toBe('renewing')
    expect(asked).toHaveBeenCalledTimes(1)
    await pass(30_000)
    expect(keeper.link.kind).toBe('renewing')
    session.setAccount({ ...account, token: 'a2' })
    await pass(100)
    expect(keeper.link.kind).toBe('live')
    session.endAccount()
    expect(keeper.link.kind).toBe('signed_out')
    keeper.close()
    stop()
  })

  it('the link of an unknown guest is tried without a token, and is signed out where that is refused', async () => {
    session.saveGuest({ token: 'g1', userId: 'g', name: 'Robin', expiresAt: '' })
    const { keeper, newest } = world()
    await pass(100)
    newest()?.told.failed(refusal())
    expect(keeper.link.kind).toBe('reconnecting')
    await pass(1_000)
    expect(keeper.link.kind).toBe('live')
    newest()?.told.failed(refusal())
    expect(keeper.link.kind).toBe('signed_out')
    session.saveGuest({ token: 'g2', userId: 'g', name: 'Robin', expiresAt: '' })
    await pass(100)
    expect(keeper.link.kind).toBe('live')
    keeper.close()
  })
})
