import { expect, it } from 'vitest'
import { ServerClock } from './server-clock.ts'

const YEAR = 365 * 86_400_000
const server = Date.parse('2026-03-01T12:00:00Z')

it('the server’s clock is right whatever this device’s clock says, also after the device’s is set', () => {
  for (const offset of [-YEAR, -120_000, 0, 120_000, YEAR]) {
    const device = { monotonic: 1_000, timeOfDay: server + offset }
    const clock = new ServerClock(
      () => device.monotonic,
      () => device.timeOfDay,
    )
    expect(clock.now()).toBe(device.timeOfDay)
    clock.note(new Date(server).toUTCString())
    device.monotonic += 90_000
    device.timeOfDay -= YEAR
    expect(Math.abs(clock.now() - (server + 90_000))).toBeLessThanOrEqual(500)
  }
})

it('an answer without a valid date does not change the server’s clock', () => {
  const clock = new ServerClock(
    () => 0,
    () => 7,
  )
  clock.note(null)
  clock.note('yesterday')
  expect(clock.now()).toBe(7)
})
