import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { realTimers } from '../presence-timers.ts'
import { deliver } from './deliver.ts'
import type { NoticeToDevice } from './encrypt-notice.ts'
import { NoticeTelemetry } from './notice-telemetry.ts'
import type { PushAnswer } from './push-request.ts'
import { AddressRefused, UnknownHost } from './resolve.ts'

const notice: NoticeToDevice = {
  device: { endpoint: 'https://push.example/1', p256dh: '', auth: '' },
  message: { kind: 'turn', roomId: 'r', room: 'R' },
  ttl: 300,
  topic: 't',
}
const failure = (code: string) => Object.assign(new Error(code), { code })

describe('a delivery', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** `answers`: of the push service, one after the other; the last one again and again. */
  function begin(
    answers: readonly (number | PushAnswer | Error)[],
    { untilMs = 300_000, isWanted = (): boolean => true } = {},
  ) {
    const lines: string[] = []
    const log = { info: (line: unknown) => void lines.push(String(line)), warn: () => void lines.push('warning') }
    const telemetry = new NoticeTelemetry(log as never)
    const closing = new AbortController()
    const sentAt: number[] = []
    const start = Date.now()
    const send = () => {
      const given = answers[Math.min(sentAt.length, answers.length - 1)] ?? 201
      sentAt.push((Date.now() - start) / 1_000)
      if (given instanceof Error) return Promise.reject(given)
      return Promise.resolve(typeof given === 'number' ? { status: given, retryAfter: null } : given)
    }
    const again = () =>
      deliver(
        { find: () => Promise.resolve(isWanted() ? notice : null), until: start + untilMs },
        { send, telemetry, timers: realTimers, closing: closing.signal },
      )
    return { outcome: again(), again, sentAt, telemetry, closing, lines }
  }
  const settled = async (begun: ReturnType<typeof begin>) => {
    await vi.advanceTimersByTimeAsync(600_000)
    return begun.outcome
  }

  it.each([
    [201, 'sent'],
    [204, 'sent'],
    [404, 'gone'],
    [410, 'gone'],
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [400, 'rejected'],
    [413, 'rejected'],
    [301, 'redirect'],
    [307, 'redirect'],
  ])('answered with %i is “%s”, and is not tried again', async (status, outcome) => {
    const begun = begin([status])
    expect([await settled(begun), begun.sentAt]).toEqual([outcome, [0]])
  })

  it('to a busy service is tried four times, each time after a longer wait', async () => {
    const begun = begin([503])
    expect([await settled(begun), begun.sentAt]).toEqual(['busy', [0, 1, 5, 21]])
  })

  it('waits as long as the service asks, at most a minute, and not for words that are no number', async () => {
    const begun = begin([
      { status: 429, retryAfter: '7' },
      { status: 429, retryAfter: '99999' },
      { status: 500, retryAfter: 'Wed, 21 Oct 2099 07:28:00 GMT' },
      201,
    ])
    expect([await settled(begun), begun.sentAt]).toEqual(['sent', [0, 7, 67, 83]])
  })

  it('ends when the notice would be too old', async () => {
    const begun = begin([503], { untilMs: 4_000 })
    expect([await settled(begun), begun.sentAt]).toEqual(['busy', [0, 1]])
    expect(await begin([201], { untilMs: 0 }).outcome).toBe('late')
  })

  it('ends when the person leaves between two attempts', async () => {
    let isMember = true
    const begun = begin([503], { isWanted: () => isMember })
    await vi.advanceTimersByTimeAsync(500)
    isMember = false
    expect([await settled(begun), begun.sentAt]).toEqual(['unwanted', [0]])
  })

  it('without a way out is tried again only until that is known, which is said once', async () => {
    const begun = begin([failure('ETIMEDOUT')])
    expect([await settled(begun), begun.sentAt.length]).toEqual(['unreachable', 2])
    const second = begun.again()
    await vi.advanceTimersByTimeAsync(600_000)
    await second
    expect([begun.lines, begun.telemetry.reached]).toEqual([['warning'], false])
    await expect(begun.telemetry.probe().ping(AbortSignal.timeout(1))).rejects.toThrow('ETIMEDOUT')
  })

  it('to a name that nobody knows, or a refused address, says nothing of the way out', async () => {
    for (const [error, outcome] of [
      [new UnknownHost('x'), 'unknown_host'],
      [new AddressRefused('x'), 'address'],
    ] as const) {
      const begun = begin([error])
      expect([await settled(begun), begun.lines, begun.telemetry.reached]).toEqual([outcome, [], null])
    }
  })

  it('says that services answer again', async () => {
    const begun = begin([failure('ECONNREFUSED'), 201])
    expect([await settled(begun), begun.lines]).toEqual(['sent', ['warning', 'push services answer again']])
    expect(await begun.telemetry.probe().ping(AbortSignal.timeout(1))).toBeUndefined()
  })

  it('does not hold the server when it closes', async () => {
    const begun = begin([503])
    await vi.advanceTimersByTimeAsync(10)
    begun.closing.abort()
    expect([await begun.outcome, vi.getTimerCount()]).toEqual(['unwanted', 0])
  })
})
