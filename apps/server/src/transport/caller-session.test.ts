import { describe, expect, it } from 'vitest'
import { CallerSession } from './caller-session.ts'
import { type Clocks, Expiry } from './expiry.ts'
import type { Identity } from './identity.ts'
import type { Ticked } from './ticker.ts'

const MINUTE = 60_000

/** Clocks and a ticker that the test moves. */
class Machine {
  wallMs = Date.parse('2026-05-01T20:00:00Z')
  monotonicMs = 5_000
  readonly looks = new Set<Ticked>()
  readonly expiry: Expiry

  constructor() {
    const clocks: Clocks = { wall: () => this.wallMs, monotonic: () => this.monotonicMs }
    const ticker = {
      add: (look: Ticked) => void this.looks.add(look),
      remove: (look: Ticked) => void this.looks.delete(look),
    }
    this.expiry = new Expiry({ ticker, clocks })
  }

  /** Moves both clocks on, and ticks once. */
  pass(ms: number): void {
    this.wallMs += ms
    this.monotonicMs += ms
    this.tick()
  }

  tick(): void {
    for (const look of this.looks) look.tick()
  }

  session(minutes: number, userId = 'u') {
    const session = new CallerSession(this.identity(minutes, userId), this.expiry)
    let ended = 0
    const forget = session.onExpiry(() => (ended += 1))
    return { session, forget, ended: () => ended }
  }

  identity(minutes: number, userId = 'u'): Identity {
    return { userId, name: 'U', kind: 'account', checkedAt: 0, expiresAt: this.wallMs + minutes * MINUTE }
  }
}

describe('A caller’s session', () => {
  it('ends once, when its token expires, and not before', () => {
    const machine = new Machine()
    const { session, ended } = machine.session(10)
    machine.pass(10 * MINUTE - 1)
    expect([session.isOver, ended()]).toEqual([false, 0])
    machine.pass(1)
    machine.pass(1_000)
    expect([session.isOver, ended()]).toEqual([true, 1])
  })

  it('ends after the token’s lifetime although the wall clock was set back', () => {
    const machine = new Machine()
    const { session, ended } = machine.session(10)
    machine.wallMs -= 24 * 60 * MINUTE
    machine.pass(9 * MINUTE)
    expect([session.isOver, ended()]).toEqual([false, 0])
    machine.pass(MINUTE)
    expect([session.isOver, ended()]).toEqual([true, 1])
  })

  it('ends at once when the wall clock is set forward past the token’s end', () => {
    const machine = new Machine()
    const { session, ended } = machine.session(10)
    machine.wallMs += 11 * MINUTE
    expect(session.isOver).toBe(true)
    machine.tick()
    expect(ended()).toBe(1)
  })

  it('ends when the machine wakes up after the token’s end, although the monotonic clock slept too', () => {
    const machine = new Machine()
    const { ended } = machine.session(10)
    machine.pass(MINUTE)
    machine.wallMs += 8 * 60 * MINUTE
    machine.tick()
    expect(ended()).toBe(1)
  })

  it('goes on with a newer token until that expires, and refuses another user’s token', () => {
    const machine = new Machine()
    const { session, ended } = machine.session(10)
    machine.pass(9 * MINUTE)
    session.renew(machine.identity(10))
    machine.wallMs -= 60 * MINUTE
    machine.pass(9 * MINUTE)
    expect(ended()).toBe(0)
    machine.pass(MINUTE)
    expect(ended()).toBe(1)
    expect(() => session.renew(machine.identity(10, 'other'))).toThrow('somebody else')
  })

  it('ends at once when `end` is called', () => {
    const machine = new Machine()
    const { session, ended } = machine.session(10)
    session.end()
    expect([session.isOver, ended()]).toEqual([true, 1])
  })

  it('uses the shared ticker only while a listener waits for its end, and no timer of its own', () => {
    const machine = new Machine()
    const sessions = Array.from({ length: 3 }, () => machine.session(10))
    const { session } = machine.session(10)
    session.onExpiry(() => {})
    expect(machine.looks.size).toBe(4)
    for (const { forget } of sessions) forget()
    expect(machine.looks.size).toBe(1)
    machine.pass(10 * MINUTE)
    expect(machine.looks.size).toBe(0)
    new CallerSession(null, machine.expiry).onExpiry(() => {})
    expect(machine.looks.size).toBe(0)
  })
})
