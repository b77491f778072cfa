import type { Me } from '@tablecast/contracts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BrowserEvents } from '../live/browser-environment.ts'
import { serverClock } from '../server-clock.ts'
import { BrowserStorage } from '../storage.ts'
import { AccountKeeper, type AccountState } from './account-keeper.ts'
import { PageSession } from './session.ts'

class Refusal extends Error {}
class Unauthorized extends Error {}

const LIFE_MS = 60_000

/** One tab, its provider and its server. `channel` connects the tabs of one browser. */
function tab({ channel = new Set<(userId: string) => void>(), isProviderAway = false } = {}) {
  const state = {
    userId: 'dee',
    isProviderAway,
    refusesPerson: false,
    serverRefuses: false,
    isSameProvider: true,
    asked: 0,
    tokens: 0,
  }
  const told: AccountState[] = []
  let events: BrowserEvents | null = null
  const session = new PageSession(new BrowserStorage(() => Object.create(null) as Storage))
  const me = (): Promise<Me> => {
    if (state.serverRefuses) return Promise.reject(new Unauthorized())
    const expiresAt = new Date(serverClock.now() + LIFE_MS).toISOString()
    return Promise.resolve({ userId: state.userId, name: state.userId, kind: 'account', expiresAt })
  }
  const keeper = new AccountKeeper({
    token() {
      state.asked += 1
      if (state.isProviderAway) return Promise.reject(new TypeError('Failed to fetch'))
      if (state.refusesPerson) return Promise.reject(new Refusal())
      return Promise.resolve(`t${++state.tokens}`)
    },
    isRefusal: (error) => error instanceof Refusal,
    forget: () => Promise.resolve(),
    arrive: me,
    me,
    isUnauthorized: (error) => error instanceof Unauthorized,
    isSameProvider: () => Promise.resolve(state.isSameProvider),
    session,
    tabs: {
      tell(userId) {
        for (const signedOut of channel) signedOut(userId)
      },
      watch(signedOut) {
        channel.add(signedOut)
        return () => void channel.delete(signedOut)
      },
    },
    watchBrowser(watching) {
      events = watching
      return () => (events = null)
    },
    changed: (now) => told.push(now),
    random: () => 1,
  })
  return { state, told, session, keeper, now: () => told.at(-1), returned: () => events?.returned() }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('an account', () => {
  it('an account’s token is renewed ahead of its end, whatever this device’s clock says', async () => {
    const year = 365 * 86_400_000
    for (const offset of [-year, -120_000, 0, 120_000, year]) {
      serverClock.note(new Date(Date.now()).toUTCString())
      vi.setSystemTime(Date.now() + offset)
      const { state, session, keeper, now } = tab()
      await pass(10)
      expect(now()).toMatchObject({ kind: 'here', isWaiting: false })
      // Over five lives a token is renewed at half of each, and not once a second.
      await pass(5 * LIFE_MS)
      expect(state.tokens).toBeGreaterThanOrEqual(10)
      expect(state.tokens).toBeLessThanOrEqual(12)
      expect(session.current?.token).toBe(`t${state.tokens}`)
      keeper.close()
    }
  })

  it('an account waits for a provider that is unreachable past the token’s end, and goes on by itself', async () => {
    const { state, session, now } = tab()
    await pass(10)
    state.isProviderAway = true
    await pass(LIFE_MS)
    expect(session.refused('t1')).toBe('renewing')
    expect(now()).toMatchObject({ kind: 'here', isWaiting: true })
    await pass(16_000)
    expect(state.asked).toBeLessThan(40)
    state.isProviderAway = false
    await pass(5_000)
    expect(now()).toMatchObject({ kind: 'here', isWaiting: false })
    expect(session.current?.token).toBe('t2')
  })

  it('a token is renewed at once when the server refuses it, and when somebody returns to a late page', async () => {
    const { state, session, now, returned } = tab()
    await pass(10)
    const waiting = session.afterRefusal('t1')
    await pass(2_100)
    expect(await waiting).toBe(true)
    expect(session.current?.token).toBe('t2')
    state.isProviderAway = true
    await pass(LIFE_MS)
    state.isProviderAway = false
    returned()
    await pass(10)
    expect(session.current?.token).toBe('t3')
    expect(now()).toMatchObject({ kind: 'here', isWaiting: false })
  })

  it('a node that keeps refusing good tokens does not make the page flood the provider', async () => {
    const { state, session } = tab()
    await pass(10)
    const stop = setInterval(() => session.refused(session.current?.token), 50)
    await pass(20_000)
    clearInterval(stop)
    expect(state.asked).toBeLessThan(12)
  })

  it('an account ends when the provider asks for the person, when the provider changed, and when every new token is refused', async () => {
    for (const [change, end] of [
      [{ refusesPerson: true }, 'ended'],
      [{ serverRefuses: true, isSameProvider: false }, 'changed'],
      [{ serverRefuses: true }, 'ended'],
    ] as const) {
      const { state, session, now } = tab()
      await pass(3_000)
      Object.assign(state, change)
      session.refused('t1')
      await pass(30_000)
      expect(now()).toEqual({ kind: 'over', end, name: 'dee' })
      expect(session.current).toBeNull()
      const { asked } = state
      await pass(10 * LIFE_MS)
      expect(state.asked).toBe(asked)
    }
  })

  it('an account does not become the person who signed in in another tab', async () => {
    const { state, session, now } = tab()
    await pass(10)
    state.userId = 'robin'
    await pass(LIFE_MS)
    expect(now()).toEqual({ kind: 'over', end: 'other_person', name: 'dee' })
    expect(session.current).toBeNull()
  })

  it('signing out in one tab signs out that person’s other tabs and nobody else’s', async () => {
    const channel = new Set<(userId: string) => void>()
    const [one, two, other] = [tab({ channel }), tab({ channel }), tab({ channel })]
    other.state.userId = 'robin'
    await pass(10)
    one.keeper.signOut()
    expect(two.now()).toEqual({ kind: 'over', end: 'elsewhere', name: 'dee' })
    expect(two.session.current).toBeNull()
    expect(other.now()).toMatchObject({ kind: 'here' })
    expect(one.session.current).toBeNull()
    expect(one.told.every(({ kind }) => kind === 'here')).toBe(true)
  })

  it('an account that could not reach the server is tried again by itself', async () => {
    const page = tab({ isProviderAway: true })
    await pass(100)
    expect(page.now()).toMatchObject({ kind: 'stuck' })
    page.state.isProviderAway = false
    await pass(5_000)
    expect(page.now()).toMatchObject({ kind: 'here' })
  })
})
