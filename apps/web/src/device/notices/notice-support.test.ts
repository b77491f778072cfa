import { describe, expect, it } from 'vitest'
import { type Circumstances, noticeSupport } from './notice-support.ts'

const good: Circumstances = { isSecure: true, hasPush: true, isApple: false, isSending: true, permission: 'default' }

describe('notices on this device', () => {
  it.each([
    [{}, 'ok'],
    [{ permission: 'granted' }, 'ok'],
    [{ permission: 'denied' }, 'denied'],
    [{ isSecure: false, hasPush: false, permission: null }, 'insecure'],
    [{ hasPush: false }, 'unsupported'],
    [{ permission: null }, 'unsupported'],
    [{ hasPush: false, isApple: true }, 'home_screen'],
    [{ isSending: false, isSecure: false }, 'off'],
  ] satisfies [Partial<Circumstances>, string][])('with %o are %s', (change, expected) => {
    expect(noticeSupport({ ...good, ...change })).toBe(expected)
  })
})
