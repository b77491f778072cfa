import type { Session } from '@tablecast/contracts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { BrowserStorage } from '../storage.ts'
import { PageSession } from './session.ts'

const guest: Session = { token: 'g1', userId: 'guest-1', name: 'Robin', expiresAt: '2026-01-01T00:00:00.000Z' }
const account: Session = { token: 'a1', userId: 'user-1', name: 'Dee', expiresAt: '2026-01-01T00:00:00.000Z' }

/** The storage of one browser, shared by its tabs. */
function browser() {
  const values = new Map<string, string>()
  const kept = {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  } as Storage
  return { values, tab: () => new PageSession(new BrowserStorage(() => kept)) }
}

describe('the session of a page', () => {
  afterEach(() => void vi.useRealTimers())

  it('a page is the stored guest, whatever this device’s clock says of the token', () => {
    const { tab } = browser()
    tab().saveGuest(guest)
    for (const year of [1990, 2026, 2090]) {
      vi.useFakeTimers({ now: Date.UTC(year) })
      expect(tab().current).toEqual({ ...guest, kind: 'guest' })
    }
  })

  it('a page keeps its user when another tab signs in as somebody else', () => {
    const { tab } = browser()
    const [one, other] = [tab(), tab()]
    one.saveGuest(guest)
    other.forgetGuest()
    other.saveGuest({ ...guest, userId: 'guest-2', token: 'g2' })
    expect(one.current?.userId).toBe('guest-1')
    // A page without a person yet takes the guest whom the browser keeps.
    expect(tab().current?.userId).toBe('guest-2')
  })

  it('a page whose account signed out is nobody, and not the guest that the browser still knows', () => {
    const { tab } = browser()
    const page = tab()
    page.setAccount(account)
    tab().saveGuest(guest)
    const changes: string[] = []
    page.watch((change) => changes.push(change))
    page.endAccount()
    expect(page.current).toBeNull()
    expect(changes).toEqual(['ended'])
  })

  it('a guest whom the server refuses is nobody here, and can still be turned into an account', () => {
    const { tab } = browser()
    tab().saveGuest(guest)
    const page = tab()
    expect(page.current?.token).toBe('g1')
    expect(page.refused('g1')).toBe('again')
    expect(page.current).toBeNull()
    expect(page.refused(undefined)).toBe('signed_out')
    expect(page.storedGuest?.token).toBe('g1')
  })

  it('a refused account waits for the next token, and a refusal of an older token does not wait', async () => {
    const page = browser().tab()
    page.setAccount(account)
    let asked = 0
    page.renewWith(() => void (asked += 1))
    const waiting = page.afterRefusal('a1')
    expect(asked).toBe(1)
    page.setAccount({ ...account, token: 'a2' })
    expect(await waiting).toBe(true)
    expect(await page.afterRefusal('a1')).toBe(true)
    expect(asked).toBe(1)
  })

  it('a refused call gives up when no newer token comes, when the account ends, and when it is aborted', async () => {
    vi.useFakeTimers()
    const page = browser().tab()
    page.setAccount(account)
    const late = page.afterRefusal('a1')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await late).toBe(false)
    const left = new AbortController()
    const aborted = page.afterRefusal('a1', left.signal)
    left.abort()
    expect(await aborted).toBe(false)
    const ended = page.afterRefusal('a1')
    page.endAccount()
    expect(await ended).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('a stored text that is no session makes the page nobody', () => {
    const { tab, values } = browser()
    for (const broken of ['{', '1', '{}', '{"token":1}', JSON.stringify({ ...guest, userId: '' })]) {
      values.set('tablecast.session', broken)
      expect(tab().current).toBeNull()
    }
  })
})
